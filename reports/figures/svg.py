"""Make matplotlib's SVG fit to stand in a page: no style attributes, ids that no other figure has, a title.

A page with a strict content security policy ignores ``style="…"``, and two figures on one page must not share an id.
"""

from __future__ import annotations

import hashlib
import re
from xml.etree import ElementTree

SVG = "http://www.w3.org/2000/svg"
XLINK = "{http://www.w3.org/1999/xlink}href"
_NOT_XML = re.compile("[^\\t\\n\\r -\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
"""Characters that no XML document may hold; a name from a file may."""
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_FONT = re.compile(r"(?:(?P<style>italic|oblique) )?(?:(?P<weight>\d+|bold|normal) )?(?P<size>[\d.]+)px (?P<family>.+)")

ElementTree.register_namespace("", SVG)


def cleaned(svg: str, title: str) -> str:
    """The same drawing with presentation attributes only, own ids, and ``title`` as its name; deterministic."""
    root = ElementTree.fromstring(svg)  # noqa: S314 (our own drawing, not foreign input)
    _drop(root, "metadata")
    _drop(root, "style")
    for element in root.iter():
        _spread_style(element)
    _rename_ids(root, "f" + hashlib.sha256(f"{title}\n{svg}".encode()).hexdigest()[:10])
    root.attrib |= {"role": "img", "stroke-linejoin": "round", "stroke-linecap": "butt"}
    name = ElementTree.Element(f"{{{SVG}}}title")
    name.text = _NOT_XML.sub("", title)
    root.insert(0, name)
    return ElementTree.tostring(root, encoding="unicode")


def _drop(root: ElementTree.Element, tag: str) -> None:
    for parent in root.iter():
        for child in parent.findall(f"{{{SVG}}}{tag}"):
            parent.remove(child)


def _spread_style(element: ElementTree.Element) -> None:
    for declaration in filter(None, element.attrib.pop("style", "").split(";")):
        name, value = (part.strip() for part in declaration.split(":", 1))
        element.attrib |= _font(value) if name == "font" else {name: value}


def _font(shorthand: str) -> dict[str, str]:
    match = _FONT.fullmatch(shorthand)
    if match is None:
        raise ValueError(f"Unknown font shorthand: {shorthand}")
    found = {f"font-{key}": value for key, value in match.groupdict().items() if value}
    return found | {"font-family": f"{found['font-family']}, sans-serif"}


def _rename_ids(root: ElementTree.Element, prefix: str) -> None:
    """Keep only ids that something refers to, and give them names of this figure."""
    for element in root.iter():
        if XLINK in element.attrib:
            element.attrib["href"] = element.attrib.pop(XLINK)
    used = {name for element in root.iter() for name in _references(element).values()}
    names = {old: f"{prefix}-{number}" for number, old in enumerate(sorted(used))}
    for element in root.iter():
        identifier = element.attrib.pop("id", None)
        if identifier in names:
            element.attrib["id"] = names[identifier]
        for key, old in _references(element).items():
            element.attrib[key] = element.attrib[key].replace(old, names[old])


def _references(element: ElementTree.Element) -> dict[str, str]:
    """The attributes that refer to an id, with that id."""
    found = {key: match[1] for key, value in element.attrib.items() if (match := _REFERENCE.search(value))}
    target = element.attrib.get("href", "")
    return found | {"href": target[1:]} if target.startswith("#") else found
