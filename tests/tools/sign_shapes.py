"""The signs of ISO 7010's meanings, drawn by us on a grid of 100 x 100. signs.py writes them out."""

import math

BLUE, RED, YELLOW, GREEN = "#005AA9", "#C8102E", "#FFC20E", "#00843D"
WHITE, BLACK = "#FFFFFF", "#000000"


# ---- parts ----


def n(value):
    return f"{round(value, 2):g}"


def poly(points, fill):
    return f'<polygon points="{" ".join(f"{n(x)},{n(y)}" for x, y in points)}" fill="{fill}"/>'


def circ(x, y, r, fill):
    return f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(r)}" fill="{fill}"/>'


def ell(x, y, rx, ry, fill):
    return f'<ellipse cx="{n(x)}" cy="{n(y)}" rx="{n(rx)}" ry="{n(ry)}" fill="{fill}"/>'


def rect(x, y, w, h, fill, r=0):
    return f'<rect x="{n(x)}" y="{n(y)}" width="{n(w)}" height="{n(h)}" rx="{n(r)}" ry="{n(r)}" fill="{fill}"/>'


def path(d, fill):
    return f'<path d="{d}" fill="{fill}"/>'


def stroke(d, color, width):
    tail = 'stroke-linecap="round" stroke-linejoin="round"'
    return f'<path d="{d}" fill="none" stroke="{color}" stroke-width="{n(width)}" {tail}/>'


def line(x1, y1, x2, y2, color, width):
    return stroke(f"M{n(x1)} {n(y1)} L{n(x2)} {n(y2)}", color, width)


def ring(x, y, r, color, width):
    return (
        f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(r)}" fill="none" stroke="{color}" stroke-width="{n(width)}"/>'
    )


def turned(x, y, angle, points):
    """Points about (0,0), turned clockwise by so many degrees and moved."""
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return [(x + px * c - py * s, y + px * s + py * c) for px, py in points]


def moved(shape, scale, dx, dy, black, white):
    """A shape of the pictograms, smaller and elsewhere, in the colours of another sign."""
    fill = black if shape["fill"] == "#000000" else white
    data = shape["data"]
    if shape["type"] == "poly":
        return poly([(x * scale + dx, y * scale + dy) for x, y in data], fill)
    if shape["type"] == "circ":
        return circ(data[0] * scale + dx, data[1] * scale + dy, data[2] * scale, fill)
    return ell(data[0] * scale + dx, data[1] * scale + dy, data[2] * scale, data[3] * scale, fill)


def borrowed(shapes, code, scale, dx, dy, black=BLACK, white=YELLOW, only=None):
    return [moved(s, scale, dx, dy, black, white) for i, s in enumerate(shapes["shapes"][code]) if only is None or i in only]


def flame(x, y, size, fill, hollow):
    """A flame standing on (x, y), so high."""
    s = size / 50
    outer = f"M{n(x)} {n(y)} C{n(x - 16 * s)} {n(y)} {n(x - 22 * s)} {n(y - 14 * s)} {n(x - 16 * s)} {n(y - 27 * s)} "
    outer += f"C{n(x - 14 * s)} {n(y - 22 * s)} {n(x - 12 * s)} {n(y - 20 * s)} {n(x - 9 * s)} {n(y - 19 * s)} "
    outer += f"C{n(x - 10 * s)} {n(y - 32 * s)} {n(x - 4 * s)} {n(y - 42 * s)} {n(x + 4 * s)} {n(y - 50 * s)} "
    outer += f"C{n(x + 4 * s)} {n(y - 40 * s)} {n(x + 8 * s)} {n(y - 34 * s)} {n(x + 11 * s)} {n(y - 28 * s)} "
    outer += f"C{n(x + 13 * s)} {n(y - 31 * s)} {n(x + 14 * s)} {n(y - 33 * s)} {n(x + 14 * s)} {n(y - 36 * s)} "
    outer += f"C{n(x + 22 * s)} {n(y - 22 * s)} {n(x + 20 * s)} {n(y)} {n(x)} {n(y)} Z"
    inner = f"M{n(x)} {n(y - 4 * s)} C{n(x - 8 * s)} {n(y - 4 * s)} {n(x - 9 * s)} {n(y - 13 * s)} {n(x - 2 * s)} {n(y - 25 * s)} "
    inner += f"C{n(x)} {n(y - 18 * s)} {n(x + 9 * s)} {n(y - 14 * s)} {n(x + 7 * s)} {n(y - 8 * s)} "
    inner += f"C{n(x + 6 * s)} {n(y - 5 * s)} {n(x + 3 * s)} {n(y - 4 * s)} {n(x)} {n(y - 4 * s)} Z"
    return [path(outer, fill), path(inner, hollow)]


def set_by(transform, *parts):
    return [f'<g transform="{transform}">'] + list(parts) + ["</g>"]


# ---- blanks ----


def mandatory(*parts):
    return [circ(50, 50, 49, BLUE)] + list(parts)


def prohibited(*parts):
    """The bar lies over the symbol, as the sign has it."""
    d = 44.5 * math.sqrt(0.5)
    bar = f"M{n(50 - d)} {n(50 - d)} L{n(50 + d)} {n(50 + d)}"
    top = [ring(50, 50, 44.5, RED, 9), f'<path d="{bar}" fill="none" stroke="{RED}" stroke-width="8"/>']
    return [circ(50, 50, 49, WHITE)] + list(parts) + top


def warning(*parts):
    edge = f'stroke="{BLACK}" stroke-width="6" stroke-linejoin="round"'
    return [f'<polygon points="50,9 93,84 7,84" fill="{YELLOW}" {edge}/>'] + list(parts)


def safe(*parts):
    return [rect(1, 1, 98, 98, GREEN, 6)] + list(parts)


def fire(*parts):
    return [rect(1, 1, 98, 98, RED, 6)] + list(parts)


# ---- what must be done ----


def must():
    return {
        "m001": mandatory(poly([(42, 18), (58, 18), (55, 61), (45, 61)], WHITE), circ(50, 75, 7.5, WHITE)),
        "m002": mandatory(
            circ(37, 27, 13, WHITE),
            poly([(48, 24), (55, 31), (48, 33)], WHITE),
            path("M14 76 C14 54 22 43 37 43 C46 43 51 48 53 57 L66 66 L61 74 L46 67 L46 84 C34 89 22 85 14 76 Z", WHITE),
            poly([(56, 40), (70, 47), (70, 72), (56, 65)], WHITE),
            poly([(73, 47), (87, 40), (87, 65), (73, 72)], WHITE),
            *[line(60, 47 + 6 * i, 66.5, 50.2 + 6 * i, BLUE, 2) for i in range(3)],
            *[line(76.5, 50.2 + 6 * i, 83, 47 + 6 * i, BLUE, 2) for i in range(3)],
        ),
        "m003": mandatory(
            ell(50, 52, 22, 30, WHITE),
            stroke("M26 48 C24 8 76 8 74 48", BLUE, 13),
            stroke("M26 48 C24 8 76 8 74 48", WHITE, 6),
            rect(16, 38, 19, 31, BLUE, 9),
            rect(65, 38, 19, 31, BLUE, 9),
            rect(18, 40, 14.5, 27, WHITE, 7),
            rect(67.5, 40, 14.5, 27, WHITE, 7),
        ),
        "m006": mandatory(
            rect(17, 26, 27, 48, WHITE, 4),
            rect(33, 38, 7, 5, BLUE),
            rect(33, 57, 7, 5, BLUE),
            rect(25, 47.5, 5, 5, BLUE),
            rect(52, 38, 11, 5, WHITE),
            rect(52, 57, 11, 5, WHITE),
            path("M62 31 L72 31 C82 31 84 42 84 50 C84 58 82 69 72 69 L62 69 Z", WHITE),
            stroke("M82 50 C92 50 91 66 83 74", WHITE, 5),
        ),
        "m008": mandatory(
            path(
                "M30 16 L54 16 L54 44 C60 50 70 52 78 57 C83 60 84 65 84 70 L24 70 L24 58 C28 48 30 34 30 16 Z",
                WHITE,
            ),
            rect(22, 73.5, 64, 9.5, WHITE, 2),
            *[line(45, 25 + 8 * i, 54, 25 + 8 * i, BLUE, 2.8) for i in range(3)],
            stroke("M65 70 C65 61 70 56 76 57", BLUE, 2.8),
        ),
        "m011": mandatory(
            path("M14 20 L52 20 C60 20 63 25 63 33 L53 33 C53 30 52 29 49 29 L14 29 Z", WHITE),
            rect(30, 11, 8, 10, WHITE),
            rect(25, 9, 18, 5, WHITE, 2),
            *[path(f"M{x} {y} C{x + 4} {y + 5} {x + 3.4} {y + 9} {x} {y + 9} C{x - 3.4} {y + 9} {x - 4} {y + 5} {x} {y} Z", WHITE)
              for x, y in ((58, 35), (51, 43), (64, 43))],
            path("M12 62 L28 56 L46 58 C52 59 52 65 46 65 L36 65 L60 66 L80 56 C87 54 89 61 83 65 L62 80 L40 80 L24 86 Z", WHITE),
            stroke("M36 66 L56 67", BLUE, 2.6),
        ),
        "m016": mandatory(
            ell(50, 49, 25, 35, WHITE),
            stroke("M26 40 L38 55 M74 40 L62 55 M30 72 L40 70 M70 72 L60 70", BLUE, 3.6),
            path("M50 46 C60 46 67 54 67 64 C67 74 60 79 50 79 C40 79 33 74 33 64 C33 54 40 46 50 46 Z", BLUE),
            path("M50 50 C58 50 63 56 63 64 C63 71 58 75 50 75 C42 75 37 71 37 64 C37 56 42 50 50 50 Z", WHITE),
            stroke("M40 62 C46 59 54 59 60 62 M41 69 C46 66.5 54 66.5 59 69", BLUE, 2.2),
        ),
        "m017": mandatory(
            ell(50, 47, 26, 35, WHITE),
            rect(29, 32, 42, 18, BLUE, 9),
            rect(33, 36, 34, 10, WHITE, 5),
            path("M35 52 L65 52 L70 70 L60 84 L40 84 L30 70 Z", BLUE),
            circ(50, 72, 15.5, WHITE),
            circ(50, 72, 11, BLUE),
            circ(50, 72, 8.4, WHITE),
            line(43, 72, 57, 72, BLUE, 2.6),
            line(50, 65, 50, 79, BLUE, 2.6),
        ),
        "m021": mandatory(
            path("M11 46 L28 46 C37 46 41 50 41 57 C41 64 37 68 28 68 L11 68 Z", WHITE),
            rect(40, 50, 8, 4.6, WHITE),
            rect(40, 60, 8, 4.6, WHITE),
            path("M89 46 L66 46 C61 46 58 49 58 53 L58 61 C58 65 61 68 66 68 L89 68 Z", WHITE),
            rect(61, 50, 9, 4.6, BLUE),
            rect(61, 60, 9, 4.6, BLUE),
            poly([(28, 20), (11, 29), (28, 38), (28, 32), (44, 32), (44, 26), (28, 26)], WHITE),
            poly([(72, 20), (89, 29), (72, 38), (72, 32), (56, 32), (56, 26), (72, 26)], WHITE),
        ),
        "m059": mandatory(
            circ(50, 19, 9.5, WHITE),
            path("M40 31 L60 31 L76 38 L82 66 L73 68 L68 50 L68 90 L32 90 L32 50 L27 68 L18 66 L24 38 Z", WHITE),
            stroke("M42 31 L50 46 L58 31", BLUE, 3.2),
            line(50, 46, 50, 90, BLUE, 2.6),
            stroke("M37 66 L45 66 L45 77 L37 77 Z M55 66 L63 66 L63 77 L55 77 Z", BLUE, 2.4),
            stroke("M56 53 L63 53", BLUE, 2.4),
        ),
    }


# ---- what is forbidden ----


def must_not():
    glove = [line(*p, BLACK, 8.5) for p in ((38, 33, 41, 52), (47, 27, 48, 52), (56, 28, 55, 52), (65, 35, 62, 54))]
    return {
        "p001": prohibited(),
        "p002": prohibited(
            rect(18, 50, 42, 10, BLACK),
            rect(62, 50, 9, 10, BLACK),
            rect(73, 50, 9, 10, BLACK),
            stroke("M66 43 C66 36 58 38 58 31 C58 27 60 25 62 23", BLACK, 4),
            stroke("M76 43 C76 34 68 36 68 28", BLACK, 4),
        ),
        "p003": prohibited(
            poly(turned(50, 68, 12, [(-3, -19), (3, -19), (3, 18), (-3, 18)]), BLACK),
            *flame(54, 52, 36, BLACK, WHITE),
        ),
        "p007": prohibited(
            path("M46 76 C30 64 20 54 20 42 C20 32 28 26 36 28 C41 29 44 32 46 37 C48 32 51 29 56 28 C64 26 72 32 72 42 C72 54 62 64 46 76 Z", BLACK),
            stroke("M78 22 L78 50 L68 50 L64 42 L57 58 L52 48 L47 52", WHITE, 6.5),
            stroke("M78 24 L78 50 L68 50 L64 42 L57 58 L52 48 L47 52", BLACK, 2.6),
            stroke("M68 50 L64 42 L57 58 L52 48 L47 52", WHITE, 2.6),
            rect(71, 18, 14, 10, BLACK, 3),
        ),
        "p011": prohibited(
            *set_by(
                "translate(100 0) scale(-1 1)",
                poly(turned(40, 34, 62, [(-15, -14), (15, -14), (11, 13), (-11, 13)]), BLACK),
                stroke("M51 22 C37 8 23 18 29 28", BLACK, 3.4),
                stroke("M58 31 C65 34 67 40 67 47", BLACK, 4.4),
                stroke("M55 40 C60 43 61 47 60 52", BLACK, 4.4),
                *flame(62, 82, 27, BLACK, WHITE),
                rect(46, 82, 32, 4.5, BLACK),
            )
        ),
        "p022": prohibited(
            path("M22 37 L50 37 L46 72 L26 72 Z", BLACK),
            stroke("M49 43 C62 42 61 60 47 60", BLACK, 4.5),
            stroke("M30 32 C28 28 33 27 31 22 M40 32 C38 28 43 27 41 22", BLACK, 3),
            rect(68.5, 48, 6, 26, BLACK, 2.5),
            path("M63 26 L66 26 L66 38 L70 38 L70 26 L73 26 L73 38 L77 38 L77 26 L80 26 L80 43 C80 49 76 51 71.5 51 C67 51 63 49 63 43 Z", BLACK),
        ),
        "p028": prohibited(
            *glove,
            line(28, 50, 38, 63, BLACK, 9),
            path("M37 48 L66 48 L66 66 L69 80 L34 80 L37 66 Z", BLACK),
            line(35, 71.5, 68, 71.5, WHITE, 2.8),
        ),
    }


# ---- what to look out for in a place ----


def wedge(x, y, r0, r1, angle, spread=30, steps=10):
    """One blade of the trefoil, about `angle` degrees clockwise from straight up."""
    angles = [math.radians(angle - spread + 2 * spread * i / steps) for i in range(steps + 1)]
    out = [(x + r1 * math.sin(a), y - r1 * math.cos(a)) for a in angles]
    back = [(x + r0 * math.sin(a), y - r0 * math.cos(a)) for a in reversed(angles)]
    return poly(out + back, BLACK)


def crescent(x, y, angle):
    """An open crescent whose horns point outwards: a ring with a gap at its far end."""
    cx, cy = x + 12.2 * math.sin(math.radians(angle)), y - 12.2 * math.cos(math.radians(angle))
    start, stop, steps = 42, 318, 24
    points = []
    for radius, ox, order in ((10.8, 0, 1), (8.0, 2.6, -1)):
        span = [start + (stop - start) * i / steps for i in range(steps + 1)][::order]
        mx, my = cx + ox * math.sin(math.radians(angle)), cy - ox * math.cos(math.radians(angle))
        points += [(mx + radius * math.sin(math.radians(angle + a)), my - radius * math.cos(math.radians(angle + a))) for a in span]
    return poly(points, BLACK)


def biohazard(x, y):
    parts = [crescent(x, y, a) for a in (0, 120, 240)]
    parts += [ring(x, y, 9.2, YELLOW, 2.2)]
    parts += [ring(x, y, 9.2, BLACK, 2.6)]
    parts += [circ(x, y, 4.2, YELLOW)]
    for a in (0, 120, 240):
        s, c = math.sin(math.radians(a)), math.cos(math.radians(a))
        parts.append(line(x + 2 * s, y - 2 * c, x + 7.2 * s, y - 7.2 * c, YELLOW, 2))
    return parts


def snowflake(x, y, r):
    parts = []
    for i in range(6):
        a = math.radians(60 * i)
        dx, dy = math.sin(a), -math.cos(a)
        parts.append(line(x, y, x + r * dx, y + r * dy, BLACK, 3.6))
        for side in (-50, 50):
            b = math.radians(60 * i + side)
            px, py = x + 0.52 * r * dx, y + 0.52 * r * dy
            parts.append(line(px, py, px + 0.36 * r * math.sin(b), py - 0.36 * r * math.cos(b), BLACK, 3.2))
    return parts


def laser(x, y):
    parts = [circ(x, y, 5, BLACK), line(x, y, 74, y, BLACK, 3)]
    for i in range(1, 16):
        a = math.radians(90 + 22.5 * i)
        r = 17 if i % 2 == 0 else 12
        parts.append(line(x + 7 * math.sin(a), y - 7 * math.cos(a), x + r * math.sin(a), y - r * math.cos(a), BLACK, 2.4))
    return parts


def look_out(shapes):
    hand = "M30 80 L30 74 L40 70 L58 70 C63 70 63 75 58 75 L48 75 L66 76 C71 76 71 81 66 81 L60 81 L38 81 Z"
    return {
        "w002": warning(
            *borrowed(shapes, "GHS01", 0.88, 7, 10.5, only=(0, 1, 2)),
            *[poly(turned(x, y, a, [(-3, -2), (3, 0), (-3, 2.4)]), BLACK) for x, y, a in ((31, 70, 160), (70, 71, 20), (40, 38, 250), (60, 39, 300))],
        ),
        "w003": warning(circ(50, 59, 3.9, BLACK), *[wedge(50, 59, 5.8, 19.4, a) for a in (60, 180, 300)]),
        "w004": warning(*laser(43, 62)),
        "w009": warning(*biohazard(50, 60)),
        "w010": warning(*snowflake(50, 61, 20)),
        "w016": warning(*borrowed(shapes, "GHS06", 0.86, 7, 14)),
        "w021": warning(*borrowed(shapes, "GHS02", 0.88, 6, 14)),
        "w023": warning(
            *set_by(
                "translate(0 -3)",
                poly(turned(41, 48, 24, [(-12, -4.6), (9, -4.6), (9, 4.6), (-12, 4.6)]), BLACK),
                poly(turned(41, 48, 24, [(-9.6, -2.2), (9, -2.2), (9, 2.2), (-9.6, 2.2)]), YELLOW),
                *[path(f"M{x} {y} C{x + 3.4} {y + 4} {x + 3} {y + 7.4} {x} {y + 7.4} C{x - 3} {y + 7.4} {x - 3.4} {y + 4} {x} {y} Z", BLACK)
                  for x, y in ((53, 54), (53, 63))],
                path("M19 77 L45 77 C47 77 47 74 50 74 L56 74 C58 74 58 77 61 77 L81 77 L82 81 L18 81 Z", BLACK),
                path("M50 74 C50 78 56 78 56 74 Z", YELLOW),
            ),
        ),
        "w024": warning(
            *set_by(
                "translate(0 -3)",
                rect(34, 44, 34, 16, BLACK),
                poly([(46, 30), (56, 30), (56, 36), (62, 36), (51, 44), (40, 36), (46, 36)], BLACK),
                path(hand, BLACK),
                line(30, 66, 72, 66, BLACK, 2),
            ),
        ),
        "w028": warning(*borrowed(shapes, "GHS03", 0.9, 5, 11)),
        "w029": warning(*borrowed(shapes, "GHS04", 0.92, 2.5, 14)),
        "w038": warning(
            *set_by(
                "translate(0 -3)",
                path("M40 76 C43 72 42 62 43 57 C44 51 47 48 50 48 C53 48 56 51 57 57 C58 62 57 72 60 76 Z", BLACK),
                circ(50, 79, 3.6, BLACK),
                rect(48, 42, 4, 7, BLACK, 2),
                *[stroke(f"M{50 + s * 14} 55 C{50 + s * 18} 61 {50 + s * 18} 67 {50 + s * 15} 73", BLACK, 3) for s in (-1, 1)],
                *[stroke(f"M{50 + s * 21} 60 C{50 + s * 24} 65 {50 + s * 24} 70 {50 + s * 22} 75", BLACK, 3) for s in (-1, 1)],
            ),
        ),
    }


# ---- where help is ----


def runner(flip):
    """A figure that runs through a doorway; drawn for the left, mirrored for the right."""

    def x(value):
        return 100 - value if flip else value

    def limb(*points):
        d = "M" + " L".join(f"{n(x(px))} {n(py)}" for px, py in points)
        return stroke(d, WHITE, 6)

    door = [(50, 12), (92, 12), (92, 88), (50, 88)]
    arrow = [(8, 50), (24, 36), (24, 45), (40, 45), (40, 55), (24, 55), (24, 64)]
    return safe(
        poly([(x(px), py) for px, py in door], WHITE),
        poly([(x(px), py) for px, py in [(56, 18), (86, 18), (86, 88), (56, 88)]], GREEN),
        poly([(x(px), py) for px, py in arrow], WHITE),
        circ(x(66), 28, 6, WHITE),
        limb((68, 40), (73, 58)),
        limb((68, 40), (58, 44), (56, 53)),
        limb((69, 41), (80, 45), (82, 36)),
        limb((73, 58), (63, 64), (61, 78)),
        limb((73, 58), (80, 68), (84, 80)),
    )


def help_is():
    heart = "M50 86 C28 70 14 57 14 40 C14 26 25 18 36 21 C43 23 48 28 50 34 C52 28 57 23 64 21 C75 18 86 26 86 40 C86 57 72 70 50 86 Z"
    bolt = [(56, 27), (36, 54), (48, 54), (42, 76), (64, 46), (52, 46), (60, 27)]
    return {
        "e001": runner(False),
        "e002": runner(True),
        "e010": safe(path(heart, WHITE), poly(bolt, GREEN)),
        "e012": safe(
            path("M12 8 L52 8 C58 8 61 12 61 17 L52 17 C52 15 51 15 50 15 L12 15 Z", WHITE),
            path("M40 18 L73 18 L79 28 L34 28 Z", WHITE),
            *[line(44 + 8.5 * i, 33, 42.5 + 9.5 * i, 40, WHITE, 3.4) for i in range(4)],
            *[line(40 + 11 * i, 46, 38.6 + 12 * i, 53, WHITE, 3.4) for i in (0, 3)],
            *[line(37.6 + 12.6 * i, 59, 36.4 + 13.4 * i, 66, WHITE, 3.4) for i in (0, 3)],
            circ(56.5, 49, 7.5, WHITE),
            path("M50 58.5 L63 58.5 C67 58.5 69 61 69 64 L69 76 L64 76 L64 93 L49 93 L49 76 L44 76 L44 64 C44 61 46 58.5 50 58.5 Z", WHITE),
        ),
    }


def fire_kit():
    return {
        "f001": fire(
            rect(22, 36, 26, 54, WHITE, 8),
            rect(30, 24, 10, 12, WHITE),
            path("M28 14 L50 14 L50 20 L40 22 L40 26 L30 26 L30 20 L28 20 Z", WHITE),
            stroke("M31 28 C14 30 13 44 14 58", WHITE, 4.5),
            poly([(11, 56), (17, 56), (19, 70), (9, 70)], WHITE),
            rect(27, 50, 16, 20, RED, 2),
            *flame(72, 90, 56, WHITE, RED),
        ),
        "f005": fire(
            rect(46, 10, 44, 44, WHITE, 4),
            circ(68, 32, 15, RED),
            circ(68, 32, 9.5, WHITE),
            stroke("M62 38 L44 56", RED, 15),
            stroke("M62 38 L42 58", WHITE, 9),
            path("M22 60 C28 52 36 50 44 54 L54 64 C58 69 57 75 52 78 L40 92 L10 92 L10 80 Z", WHITE),
            stroke("M44 70 L51 63 M38 77 L46 70", RED, 2.6),
            *flame(80, 92, 31, WHITE, RED),
        ),
        "f016": fire(
            *flame(50, 92, 40, WHITE, RED),
            path("M16 20 L84 20 L84 60 C74 54 66 64 58 58 C52 54 48 54 42 58 C34 64 26 54 16 60 Z", WHITE),
            stroke("M28 28 L28 50 M42 28 L42 50 M58 28 L58 50 M72 28 L72 50", RED, 2.4),
            rect(6, 12, 18, 15, RED, 6),
            rect(76, 12, 18, 15, RED, 6),
            rect(8.5, 14, 13, 11, WHITE, 5),
            rect(78.5, 14, 13, 11, WHITE, 5),
        ),
    }


def all_signs(shapes):
    out = {}
    for group in (must(), must_not(), look_out(shapes), help_is(), fire_kit()):
        out.update(group)
    return out
