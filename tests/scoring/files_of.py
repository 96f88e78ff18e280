"""Inputs of the scoring command for tests: folders written, the command run, results read back."""

from __future__ import annotations

import csv
from pathlib import Path

from scoring.__main__ import main

QUICK = "sobol_n = 8\n"

INDICATORS = {
    "structure.csv": """\
id,parent,weight,direction,low,high,order
total,,1,1,,,
A,total,2,1,,,
B,total,1,1,,,
a1,A,1,1,0,10,
a2,A,3,-1,0,10,
b1,B,1,1,0,10,
""",
    "values.csv": "unit,a1,a2,b1\nu1,5,2,10\nu2,10,,0\n",
    "method.toml": QUICK,
}

RATINGS = {
    "structure.csv": """\
id,parent,weight,direction
all,,,
S,all,1,1
T,all,1,1
s1,S,1,1
s2,S,1,1
s3,S,1,-1
t1,T,1,1
""",
    "units.csv": "unit,name,group,population\nu1,One,x,40\nu2,Two,x,\nu3,Three,y,40\n",
    "ratings.csv": "unit,s1,s2,s3,t1\nu1,5,4,1,3\nu1,1,,2,-\nu2,3,-,,5\nu1,2,2,5,\n",
    "method.toml": QUICK,
}


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def run(folder: Path, files: dict[str, str | bytes], *options: str) -> Path:
    """Score files below a folder; gives where the results are."""
    output = folder / "out"
    assert main([str(write(folder / "in", files)), "--out", str(output), *options]) == 0
    return output


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def scores(output: Path, figure: str = "score", wave: str = "") -> dict[tuple[str, str], float]:
    """One figure by unit and node, where it is not missing."""
    return {
        (row["unit"], row["node"]): float(row[figure])
        for row in rows(output / "scores.csv")
        if row["wave"] == wave and row[figure]
    }
