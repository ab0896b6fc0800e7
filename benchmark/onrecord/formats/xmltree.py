"""XML as untrusted input: nothing is fetched, no entity is expanded, no bomb goes off."""

from __future__ import annotations

from typing import Any

from lxml import etree

from onrecord.errors import InputError, Problem


def parse(content: bytes, where: str) -> Any:
    """The root element of an XML file (an lxml element).

    A document may name XML's five predefined entities and character references. Any entity of its own is refused,
    whether it would expand inside the file or point outside it.

    Args:
        content: The file's bytes; the encoding is the one its declaration names, else UTF-8.
        where: The file's name, for the message.

    Raises:
        InputError: Not well-formed, truncated, or with entities of its own; the line is named.
    """
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or None
        raise InputError(
            Problem(where, f"no well-formed XML: {error.msg}", line, remedy="get the file again, it may be truncated")
        ) from None
    for node in root.iter(etree.Entity):
        raise InputError(
            Problem(where, f"entity {node.text} is not expanded", None, remedy="write the character itself")
        )
    return root
