"""Documents as a national body has them, made of the sample's sentences and of words of their own; the same ones each time.

usage: docs.py make SAMPLE OUT [COUNT]      the sample's content with so many documents in all (6700)
       docs.py change OUT LIST              one in a hundred is edited, added or taken away; LIST names those to be fetched
"""
import pathlib
import random
import re
import shutil
import sys

PARTS = ["bro", "min", "cal", "tor", "eth", "yl", "phen", "ox", "sul", "gal", "ver", "lin", "mic", "dar", "pro", "ten",
         "qua", "rim", "sto", "vel"]
BYTES = 6000


def sentences(sample):
    found = []
    for page in sorted(sample.glob("docs/*/*.md")):
        body = page.read_text().split("\n---\n", 1)[-1]
        found += [s.strip() for s in re.split(r"(?<=[.!?])\s+", body)
                  if 30 < len(s) < 200 and not re.search(r"[|#*`<>\[\]:{}\n]", s)]
    return found


class Maker:
    def __init__(self, sample, seed):
        self.dice = random.Random(seed)
        self.known = sentences(sample)
        words = sorted({w for s in self.known for w in re.findall(r"[a-z]{2,14}", s)})
        names = random.Random(7)
        words += ["".join(names.choice(PARTS) for _ in range(names.randint(2, 4))) for _ in range(15000)]
        random.Random(8).shuffle(words)
        self.words = words
        self.weights = [1 / (10 + i) for i in range(len(words))]

    def some(self, count):
        return self.dice.choices(self.words, self.weights, k=count)

    def sentence(self):
        if self.dice.random() < 0.4:
            return self.dice.choice(self.known)
        return " ".join(self.some(self.dice.randint(6, 18))).capitalize() + "."

    def body(self):
        out, size = [], 0
        while size < BYTES * self.dice.uniform(0.6, 1.4):
            piece = " ".join(self.sentence() for _ in range(self.dice.randint(2, 6)))
            if self.dice.random() < 0.25:
                piece = "## " + " ".join(self.some(3)).capitalize() + "\n\n" + piece
            out.append(piece)
            size += len(piece) + 2
        return "\n\n".join(out)

    def document(self, number):
        dice = self.dice
        keywords = ", ".join('"%s"' % " ".join(self.some(dice.randint(1, 2))) for _ in range(6))
        return (
            f"---\nid: doc-{number:05}\nkind: {dice.choice(['guidance', 'guidance', 'notice', 'link'])}\n"
            f'title: "{" ".join(self.some(dice.randint(3, 6))).capitalize()}"\nissuer: Bench\n'
            f'issuer_kind: national\nsummary: "{" ".join(self.some(14)).capitalize()}."\nrevised: 2026-11-23\n'
            f"subjects: [{dice.choice(['Biology', 'Chemistry', 'Physics', 'Technology'])}]\n"
            f"stages: [{dice.choice(['S1, S2', 'S3, N4', 'N5, H', 'AH'])}]\nkeywords: [{keywords}]\n---\n{self.body()}\n"
        )


def place(out, number):
    return out / "docs" / f"bench-{number // 500:02}" / f"doc-{number:05}.md"


def make(sample, out, count):
    shutil.copytree(sample, out, ignore=shutil.ignore_patterns("employers", "school"))
    have = len(list(out.glob("docs/**/*.md")))
    maker = Maker(sample, 42)
    (out / "sample").write_text(str(sample))
    for number in range(count - have):
        path = place(out, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(maker.document(number))
    pages = list(out.glob("docs/**/*.md"))
    print(f"{len(pages)} documents, {sum(p.stat().st_size for p in pages) / 1e6:.1f} MB of text")


def change(out, listed):
    maker = Maker(pathlib.Path((out / "sample").read_text()), 43)
    pages = sorted(out.glob("docs/bench-*/*.md"))
    count = (len(list(out.glob("docs/**/*.md"))) + 50) // 100
    taken = maker.dice.sample(pages, count - 4)
    changed = []
    for path in taken[:-3]:
        head, body = path.read_text().split("\n---\n", 1)
        paragraphs = body.split("\n\n")
        for _ in range(2):
            paragraphs[maker.dice.randrange(len(paragraphs))] = maker.sentence() + " " + maker.sentence()
        path.write_text(head.replace("revised: 2026-11-23", "revised: 2026-11-24") + "\n---\n" + "\n\n".join(paragraphs))
        changed.append(path)
    for path in taken[-3:]:
        path.unlink()
    for number in range(len(pages), len(pages) + 4):
        path = place(out, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(maker.document(number))
        changed.append(path)
    pathlib.Path(listed).write_text("".join(f"{p}\n" for p in changed))
    print(f"{len(taken) - 3} edited, 4 added, 3 taken away; {sum(p.stat().st_size for p in changed) / 1e3:.0f} KB of text")


if sys.argv[1] == "make":
    make(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else 6700)
else:
    change(pathlib.Path(sys.argv[2]), sys.argv[3])
