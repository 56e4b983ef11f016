#!/usr/bin/env python3
"""Writes one document a substance from the table of chemicals:

    tests/tools/chemical_docs.py tests/data/chemicals.tsv assets/content/docs/chemicals

The documents were made by this once and are made by it again when the table changes; app/domain/test_chemical_docs holds
every row of the table against them. Nothing is rounded or put into other words on the way. What the table has not as a
column of its own stands here, each taken from a row's words: the edges in per cent and in volume strength, the words
people search by, and which document a CAS number on a bottle leads to."""

import json
import pathlib
import re
import sys

REVISED = "2026-11-23"

# Edges in per cent, as the row's strength or its limit_basis says them. None: and above.
PERCENT = {
    "C001": (36, None), "C002": (25, 36), "C003": (10, 25), "C004": (0, 10),
    "C005": (95, None), "C006": (15, 95), "C007": (5, 15), "C008": (0, 5),
    "C009": (65, None), "C010": (20, 65), "C011": (5, 20), "C012": (1, 5), "C013": (0, 1),
    "C014": (90, None), "C015": (25, 90), "C016": (10, 25), "C017": (0, 10),
    "C018": (25, None), "C019": (10, 25),
    "C020": (90, None), "C021": (10, 90), "C022": (2, 10),
    "C030": (2, None), "C031": (0.5, 2), "C032": (0, 0.5),
    "C034": (2, None), "C035": (0.5, 2), "C036": (0, 0.5),
    "C041": (35, None), "C042": (5, 35), "C043": (3, 5), "C044": (1, 3), "C045": (0, 1),
    "C053": (30, 35), "C054": (8, 30), "C055": (5, 8), "C056": (0, 5),
    "C057": (10, 14), "C058": (5, 10), "C059": (3, 5), "C060": (1, 3),
    "C098": (25, None), "C099": (3, 25), "C100": (1, 3), "C101": (0, 1),
    "C107": (1, 3), "C108": (0, 1),
    "C139": (60, None), "C140": (95, 99), "C141": (5, 60), "C142": (0, 5),
    "C153": (37, 37),
    "C170": (0.1, 0.5),
    "C175": (0.5, 2),
}  # fmt: skip

# Volume strength of hydrogen peroxide, as the rows' words have it.
VOL = {"C053": (100, 100), "C054": (27, 100), "C055": (17, 27), "C056": (0, 17)}

# A mixture or a dilution carries the CAS number of what is in it: a bottle with that number is the substance's.
CAS_ELSEWHERE = {
    "limewater", "chlorine-water", "bromine-water", "iodine-solution", "universal-indicator", "benedicts-solution",
    "fehlings-solution-2", "biuret-reagent", "ethanol-ida",
}  # fmt: skip

SUBJECTS = {
    "Biology": "trypsin amylase pepsin methylene-blue crystal-violet benedicts-solution biuret-reagent iodine-solution "
    "fehlings-solution-2 methanal-solution ethanol ethanol-ida soda-lime potassium-hydroxide hydrogen-peroxide",
    "Physics": "mercury liquid-nitrogen carbon-dioxide",
    "Technology": "wood-dust rosin-cored-flux methyl-methacrylate white-spirit iron-iii-chloride butane-propane",
}

# What people call it besides: names that are common in prep rooms, and what is made of it.
WORDS = {
    "hydrochloric-acid": "spirits of salt",
    "sulfuric-acid": "vitriol; battery acid",
    "ethanoic-acid": "glacial acetic",
    "citric-acid": "2-hydroxypropane-1,2,3-tricarboxylic acid",
    "oxalic-acid-dihydrate": "ethanedioic acid crystals",
    "sodium-hydroxide": "lye; caustic; alkali",
    "calcium-hydroxide": "lime",
    "limewater": "lime water",
    "ammonia-solution": "dilute ammonia; aqueous ammonia",
    "sodium-carbonate": "soda crystals; soda ash",
    "sodium-hydrogencarbonate": "sodium bicarbonate; bicarbonate of soda",
    "calcium-carbonate": "chalk; marble",
    "barium-hydroxide": "baryta",
    "hydrogen-peroxide": "peroxide; 20 vol; 100 vol",
    "sodium-chlorate-i": "hypochlorite; Milton",
    "iodine-solution": "iodine in potassium iodide; starch test",
    "potassium-manganate-vii": "permanganate; Condy's crystals",
    "potassium-dichromate-vi": "dichromate; acidified dichromate",
    "ammonium-dichromate-vi": "volcano",
    "potassium-nitrate": "saltpetre",
    "potassium-persulfate": "potassium peroxydisulphate",
    "manganese-iv-oxide": "manganese dioxide",
    "sodium": "sodium metal; alkali metal",
    "potassium": "potassium metal; alkali metal",
    "lithium": "lithium metal; alkali metal",
    "calcium": "calcium metal",
    "magnesium": "magnesium ribbon; magnesium powder",
    "aluminium": "aluminum powder",
    "iron": "iron filings; iron wool; steel wool",
    "zinc": "zinc granules; zinc dust; zinc powder",
    "copper": "copper turnings; copper foil",
    "copper-ii-sulfate": "blue vitriol; copper sulphate crystals",
    "copper-ii-oxide": "cupric oxide; black copper oxide",
    "copper-ii-carbonate-basic": "copper carbonate",
    "copper-ii-chloride": "cupric chloride",
    "silver-nitrate": "Tollens' reagent",
    "iron-ii-sulfate": "ferrous sulphate",
    "iron-iii-chloride": "etchant; PCB etching",
    "iron-iii-oxide": "rust; haematite; thermite",
    "cobalt-ii-chloride": "cobalt chloride paper; cobaltous chloride",
    "calcium-chloride": "drying agent",
    "sodium-chloride": "salt; common salt",
    "sodium-thiosulfate": "hypo; disappearing cross",
    "sodium-metabisulfite": "metabisulphite; sterilising tablets",
    "ammonium-vanadate-v": "ammonium metavanadate",
    "methane": "mains gas",
    "butane-propane": "butane; propane; camping gas; cartridge",
    "carbon-dioxide": "dry ice",
    "liquid-nitrogen": "LN2",
    "ethanol-ida": "industrial denatured alcohol; industrial methylated spirit; meths",
    "methanol": "methyl alcohol",
    "propan-2-ol": "isopropyl alcohol; rubbing alcohol",
    "propane-1-2-3-triol": "glycerine",
    "methanal-solution": "formalin",
    "petroleum-ether-40-60": "petrol ether; pet ether",
    "dichloromethane": "DCM; methylene chloride",
    "diethyl-ether": "ether; ethoxyethane",
    "methyl-methacrylate": "acrylic cement; Tensol",
    "2-4-dinitrophenylhydrazine": "Brady's reagent; DNPH",
    "fehlings-solution-2": "Fehling's B",
    "biuret-reagent": "biuret solution; protein test",
    "crystal-violet": "Gram stain",
    "trypsin": "protease; enzyme powder",
    "amylase": "diastase; enzyme powder",
    "pepsin": "protease; enzyme powder",
    "sodium-tetraborate": "slime",
    "rosin-cored-flux": "solder; colophony flux; soldering fume",
    "wood-dust": "sawdust; MDF dust",
}

SUB = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def doc_id(name):
    return re.sub(r"[^a-z0-9]+", "-", name.lower().replace("'", "")).strip("-")


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def listed(items):
    return "[" + ", ".join(quoted(i) for i in items) + "]"


def number(value):
    return f"{value:g}"


def unique(items):
    out = []
    for item in items:
        if item and item not in out:
            out.append(item)
    return out


def subscripts(formula):
    """Digits that count atoms are low; a number in front of a part of a hydrate is not."""
    return re.sub(r"(?<=[A-Za-z)])\d+", lambda m: m.group().translate(SUB), formula)


def spellings(words):
    """sulfate and sulphate; without the Roman number, and with it spaced."""
    out = []
    for w in words:
        for v in (w, re.sub(r"\(([IVX]+)\)", r"", w), re.sub(r"\(([IVX]+)\)", r" \1", w)):
            out += [v, re.sub(r"([Ss])ulf", r"\1ulph", v), re.sub(r"([Ss])ulph", r"\1ulf", v)]
    return unique(out)


def also_of(rows):
    return unique(a.strip() for r in rows for a in r["also_known_as"].split(";"))


def formulae(rows):
    out = []
    for r in rows:
        if not re.search(r"[A-Z]", r["formula"]) or " " in r["formula"]:
            continue
        bare = r["formula"].replace("(aq)", "")
        out += [bare, subscripts(bare), re.split("·", bare)[0]]
    return unique(out)


def keywords(name, rows):
    extra = [w.strip() for w in WORDS.get(doc_id(name), "").split(";")]
    return [k for k in unique(spellings([name] + also_of(rows) + extra) + formulae(rows)) if k != name]


def band(row):
    """One band; the order of the keys is the order of the table's columns."""
    codes = [] if row["h_codes"] == "not classified" else row["h_codes"].split()
    pictures = [] if row["pictograms"] == "none" else row["pictograms"].lower().split()
    pairs = [("row", row["id"]), ("strength", row["strength"]), ("formula", row["formula"]), ("cas", row["cas"])]
    out = [f"{k}: {quoted(v)}" for k, v in pairs if v]
    if row["mol_per_l_from"]:
        out += [f"from: {row['mol_per_l_from']}", f"to: {row['mol_per_l_to']}", "unit: mol/l"]
    for prefix, table in (("pct", PERCENT), ("vol", VOL)):
        if row["id"] not in table:
            continue
        low, high = table[row["id"]]
        out.append(f"{prefix}_from: {number(low)}")
        if high is not None:
            out.append(f"{prefix}_to: {number(high)}")
    out += [
        f"pictograms: {listed(pictures)}",
        f"signal: {row['signal_word'].lower()}",
        f"h_codes: {listed(codes)}",
    ]
    for key in ("limit_basis", "storage", "disposal", "wel", "confidence", "note"):
        if row[key]:
            out.append(f"{key}: {quoted(row[key])}")
    return "  - " + "\n    ".join(out)


def worst(rows):
    order = ["sure", "likely", "verify"]
    return max((r["confidence"] for r in rows), key=order.index)


def body(name, rows):
    lines = [
        "Example: not adopted by any employer.",
        "",
        "## How sure this is",
        "",
        "- The hazards follow the European list (Annex VI, up to its fifteenth change). The British list, which binds",
        "  suppliers here, was not opened for it: where the bottle's label says more, the label holds.",
    ]
    if any(r["wel"] for r in rows):
        lines.append("- Limits for the air of a workplace are from memory of EH40 (2020). None was held against it: *likely*.")
    lines.append("- Storage and disposal are general practice. The council and Scottish Water decide what may go down a drain.")
    for r in rows:
        if r["confidence"] == "verify":
            why = f": {r['note']}" if r["note"] else ""
            lines.append(f"- *Verify* {r['strength']}{why}.".replace("..", "."))
    if doc_id(name) == "copper-ii-sulfate":
        lines.append("- Between about 0.04 and 1 mol/l sources differ. The stricter is shown. Ask SSERC before you go by the other.")
    return "\n".join(lines) + "\n"


def document(name, rows):
    ident = doc_id(name)
    plain = re.sub(r"\(([IVX]+)\)", "", name)
    cas = unique(r["cas"] for r in rows)
    subjects = ["Chemistry"] + [s for s, ids in SUBJECTS.items() if ident in ids.split()]
    if ident == "wood-dust":
        subjects = ["Technology"]
    pairs = [
        ("id", ident),
        ("kind", "chemical"),
        ("title", quoted(name)),
        ("plain_title", quoted(plain) if plain != name else ""),
        ("issuer", "Canny sample content"),
        ("summary", quoted("Hazards, storage and disposal: " + "; ".join(r["strength"] for r in rows) + ".")),
        ("revised", REVISED),
        ("example", '"yes"'),
        ("subjects", listed(subjects)),
        ("stages", "[]"),
        ("keywords", listed(keywords(name, rows))),
        ("formula", quoted(rows[0]["formula"])),
        ("cas", quoted(cas[0]) if cas else ""),
        ("also", listed(also_of(rows))),
        ("codes", listed([] if ident in CAS_ELSEWHERE else cas)),
        ("confidence", worst(rows)),
    ]
    front = "\n".join(f"{k}: {v}" for k, v in pairs if v)
    bands = "\n".join(band(r) for r in rows)
    return f"---\n{front}\nbands:\n{bands}\n---\n{body(name, rows)}"


def read(path):
    lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines()
    head = lines[0].split("\t")
    return [dict(zip(head, line.split("\t"))) for line in lines[1:]]


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    names = {}
    for row in read(sys.argv[1]):
        names.setdefault(row["name"], []).append(row)
    folder = pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in names.items():
        (folder / f"{doc_id(name)}.md").write_text(document(name, rows), encoding="utf-8")
    print(f"{len(names)} documents")


if __name__ == "__main__":
    main()
