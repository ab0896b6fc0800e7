"""``croissant.json`` of a released folder: Croissant 1.1 JSON-LD with the fields of its RAI extension 1.0.

Conventions
-----------
- Each data file is a ``cr:FileObject`` with its checksum; its path is relative to the folder. Each config and split is
  a record set ``<config>/<split>`` over that file; the splits themselves are a record set of type ``cr:Split``.
- A list of structs becomes an array with sub-fields, a struct a field with sub-fields. A sub-field of an array holds
  one value an element, so what nests deeper is named by its path: ``cue.start``. Of lists of structs inside lists (the
  segments of a quote's content) Croissant sees the first two elements, ``content[0].start`` and ``content[1].start``;
  the Parquet file has them all.
- What the RAI fields say stands in the corpus, ``corpus/rai.json``, not here.

The format is MLCommons', https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from onrecord.card import DataFile
from onrecord.wire import SCHEMAS

#: RAI fields that a corpus may fill; those in ``_MANY`` take a list of texts.
RAI_FIELDS: Final = (
    "dataCollection", "dataCollectionType", "dataCollectionMissingData", "dataCollectionRawData",
    "dataCollectionTimeFrame", "dataImputationProtocol", "dataPreprocessingProtocol", "dataManipulationProtocol",
    "dataAnnotationProtocol", "dataAnnotationPlatform", "dataAnnotationAnalysis", "annotationsPerItem",
    "annotatorDemographics", "machineAnnotationTools", "dataBiases", "dataUseCases", "dataLimitations",
    "dataSocialImpact", "personalSensitiveInformation", "dataReleaseMaintenancePlan",
)  # fmt: skip

#: Elements that are described of a list of structs inside a list: a content that its cue breaks has two segments.
_ELEMENTS: Final = 2
_CONTEXT: Final[dict[str, Any]] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_LICENCES: Final = {
    "cc-by-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "cc-by-sa-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "cc-by-nc-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "cc-by-nc-sa-4.0": "https://creativecommons.org/licenses/by-nc-sa/4.0/",
    "cc0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "apache-2.0": "https://www.apache.org/licenses/LICENSE-2.0",
}


def croissant(
    meta: Mapping[str, Any], files: Sequence[DataFile], about: Mapping[str, str], rai: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The JSON-LD of a release.

    Args:
        meta: What ``onrecord.json`` says.
        files: All data files, in order of config and split.
        about: What a row holds, by config.
        rai: RAI fields by name, without prefix; those that are not there are left out.
    """
    description = " ".join(part for part in (meta["description"], meta["canary"]) if part)
    value: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": meta["title"],
        "description": description or meta["title"],
        "conformsTo": ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"],
        "license": _LICENCES.get(meta["licence"].lower(), meta["licence"]),
        "inLanguage": meta["languages"],
        "isLiveDataset": False,
        "keywords": ["news", *meta["layers"]],
    }
    if meta["version"]:
        value["version"] = meta["version"]
    if meta["citation"]:
        value["citeAs"] = meta["citation"].strip()
    if meta["published"]:
        value["datePublished"] = meta["published"]
    if meta["creator"]:
        value["creator"] = {"@type": "sc:Organization", "name": meta["creator"]}
    value |= {f"rai:{name}": rai[name] for name in RAI_FIELDS if rai and rai.get(name)}
    value["distribution"] = [_file(file) for file in files]
    value["recordSet"] = [_splits(files), *(_records(file, about[file.config]) for file in files)]
    return value


def _file(file: DataFile) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": _file_id(file),
        "name": file.path.rpartition("/")[2],
        "contentUrl": file.path,
        "contentSize": f"{file.size} B",
        "encodingFormat": "application/x-parquet",
        "sha256": file.sha256,
    }


def _file_id(file: DataFile) -> str:
    return f"{file.config}-{file.split}.parquet"


def _splits(files: Sequence[DataFile]) -> dict[str, Any]:
    names = dict.fromkeys(file.split for file in files)
    return {
        "@type": "cr:RecordSet",
        "@id": "splits",
        "name": "splits",
        "description": "The splits, by story.",
        "dataType": "cr:Split",
        "key": {"@id": "splits/name"},
        "field": [{"@type": "cr:Field", "@id": "splits/name", "name": "name", "dataType": "sc:Text"}],
        "data": [{"splits/name": name} for name in names],
    }


def _records(file: DataFile, about: str) -> dict[str, Any]:
    name = f"{file.config}/{file.split}"
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"Config {file.config}, split {file.split}: {about}.",
        "key": {"@id": f"{name}/id"},
        "field": [_field(name, column, file) for column in SCHEMAS[file.config]],
    }


def _field(records: str, column: pa.Field, file: DataFile) -> dict[str, Any]:
    name = f"{records}/{column.name}"
    array = pa.types.is_list(column.type)
    kind = column.type.value_type if array else column.type
    field: dict[str, Any] = {"@type": "cr:Field", "@id": name, "name": column.name}
    if array:
        field |= {"isArray": True, "arrayShape": "-1"}
    if not pa.types.is_struct(kind):
        return {**field, "dataType": _type(kind), "source": _source(file, column.name)}
    field["subField"] = [
        {
            "@type": "cr:Field",
            "@id": f"{name}/{path}",
            "name": path,
            "dataType": _type(leaf),
            "source": _source(file, column.name) | {"transform": {"jsonPath": path}},
        }
        for path, leaf in _leaves(kind)
    ]
    return field


def _leaves(kind: pa.DataType, before: str = "") -> Iterator[tuple[str, pa.DataType]]:
    for part in kind:
        path = f"{before}{part.name}"
        if pa.types.is_struct(part.type):
            yield from _leaves(part.type, f"{path}.")
        elif pa.types.is_list(part.type) and pa.types.is_struct(part.type.value_type):
            for number in range(_ELEMENTS):
                yield from _leaves(part.type.value_type, f"{path}[{number}].")
        else:
            yield path, part.type


def _source(file: DataFile, column: str) -> dict[str, Any]:
    return {"fileObject": {"@id": _file_id(file)}, "extract": {"column": column}}


def _type(kind: pa.DataType) -> str:
    return "sc:Integer" if pa.types.is_integer(kind) else "sc:Text"
