"""Writes a PDF of so many pages that says what its arguments say: certificate.py FILE PAGES LINE...; with --noise BYTES in
front, a PDF with so much in it that nobody sees."""
import random
import sys

noise = 0
args = sys.argv[1:]
if args[0] == "--noise":
    noise = int(args[1])
    args = args[2:]
name, pages, lines = args[0], int(args[1]), args[2:]
parts = [b"<</Type/Catalog/Pages 2 0 R>>"]
kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(pages))
parts.append(f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode())
parts.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
for page in range(pages):
    shown = [f"Page {page + 1} of {pages}"] + lines
    text = "BT /F1 14 Tf 60 760 Td 22 TL " + " ".join(f"({line}) Tj T*" for line in shown) + " ET"
    parts.append(
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {5 + 2 * page} 0 R"
        "/Resources<</Font<</F1 3 0 R>>>>>>".encode()
    )
    parts.append(f"<</Length {len(text)}>>stream\n{text}\nendstream".encode())
if noise:
    random.seed(7)
    parts.append(f"<</Length {noise}>>stream\n".encode() + random.randbytes(noise) + b"\nendstream")
out = b"%PDF-1.4\n"
places = []
for number, part in enumerate(parts, 1):
    places.append(len(out))
    out += f"{number} 0 obj".encode() + part + b"\nendobj\n"
start = len(out)
out += f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n".encode()
for place in places:
    out += f"{place:010d} 00000 n \n".encode()
out += f"trailer<</Size {len(parts) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
with open(name, "wb") as f:
    f.write(out)
