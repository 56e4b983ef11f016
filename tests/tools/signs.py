#!/usr/bin/env python3
"""Draws the signs into assets/signs:

    tests/tools/signs.py tests/data/ghs_shapes.json assets/signs           writes them
    tests/tools/signs.py tests/data/ghs_shapes.json assets/signs --check   says which file differs

The nine pictograms of bottles come point by point from the JSON. The signs of places and of what to wear are our own
drawings after the meaning of ISO 7010, not after anybody's artwork; sign_shapes.py has them. A grid of 100 x 100, and no
more of SVG than NanoSVG draws: shapes, fills and plain strokes, no text, no style sheets. Signs e003, e011, m004, m009,
m010, m013, m026, w001, w012 and w017 were drawn by hand and are left alone."""

import json
import math
import pathlib
import sys

import sign_shapes

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100" viewBox="0 0 100 100">\n'


def n(value):
    return f"{round(value, 2):g}"


def polygon(points, fill):
    return f'<polygon points="{" ".join(f"{n(x)},{n(y)}" for x, y in points)}" fill="{fill}"/>'


def band(a, b, width):
    """A line as the four corners of what its stroke covers, so that the rule about its corners can be held against it."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    half = width / 2 / math.hypot(dx, dy)
    ox, oy = -dy * half, dx * half
    return [(a[0] + ox, a[1] + oy), (b[0] + ox, b[1] + oy), (b[0] - ox, b[1] - oy), (a[0] - ox, a[1] - oy)]


def ghs_shape(shape):
    data, fill = shape["data"], shape["fill"]
    if shape["type"] == "poly":
        return polygon(data, fill)
    if shape["type"] == "circ":
        return f'<circle cx="{n(data[0])}" cy="{n(data[1])}" r="{n(data[2])}" fill="{fill}"/>'
    if shape["type"] == "ell":
        return f'<ellipse cx="{n(data[0])}" cy="{n(data[1])}" rx="{n(data[2])}" ry="{n(data[3])}" fill="{fill}"/>'
    return polygon(band(data[0], data[1], shape["width"]), fill)


def ghs(shapes, code):
    parts = [polygon(shapes["frame_outer"], shapes["frame_fill"]), polygon(shapes["frame_inner"], "#FFFFFF")]
    return parts + [ghs_shape(s) for s in shapes["shapes"][code]]


def main():
    shapes = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    folder = pathlib.Path(sys.argv[2])
    drawn = {code.lower(): ghs(shapes, code) for code in shapes["shapes"]}
    drawn.update(sign_shapes.all_signs(shapes))
    wrong = 0
    for name, parts in drawn.items():
        text = HEAD + "\n".join(parts) + "\n</svg>\n"
        path = folder / f"{name}.svg"
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            wrong += 1
            print(f"{path} is not as it is drawn here")
    print(f"{len(drawn)} signs, {wrong} differ")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
