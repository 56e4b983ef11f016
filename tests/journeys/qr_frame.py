"""A QR code in qrencode's ASCII, from standard input, as one 640x480 frame of raw 8-bit grey: what a pipe: camera gives.

Nothing on standard input gives an empty frame.
"""

import sys

WIDTH, HEIGHT, MODULE = 640, 480, 8

rows = [line.rstrip("\n")[::2] for line in sys.stdin]
frame = bytearray(b"\xd0" * (WIDTH * HEIGHT))
left = (WIDTH - MODULE * max((len(row) for row in rows), default=0)) // 2
top = (HEIGHT - MODULE * len(rows)) // 2
for y, row in enumerate(rows):
    line = b"".join(bytes([0x20 if module == "#" else 0xD0]) * MODULE for module in row)
    for dy in range(MODULE):
        at = (top + y * MODULE + dy) * WIDTH + left
        frame[at : at + len(line)] = line
sys.stdout.buffer.write(frame)
