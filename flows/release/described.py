"""The exports described for machines: Croissant (schema.org), DCAT, and a citation with the licence of each source.

All are made of the data package, so that none can say what another does not.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ADDRESSES = {
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
    "MIT": "https://opensource.org/license/mit",
}
LICENCES = "LICENCES.md"
KINDS = {
    "string": "sc:Text",
    "number": "sc:Float",
    "integer": "sc:Integer",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
}
CROISSANT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def licence(name: str) -> dict[str, str]:
    """A licence with where its words stand: at its publisher, else in our own list."""
    return {"name": name, "path": ADDRESSES.get(name, LICENCES)}


def write(package: Mapping[str, Any], folder: Path, address: str, licences: Path) -> None:
    """Write every description beside the files.

    Args:
        package: the data package.
        folder: of the exports.
        address: of the site, or empty: then files are named as they lie here.
        licences: the project's list of licences.
    """
    base = f"{address}/data/" if address else ""
    (folder / LICENCES).write_bytes(licences.read_bytes())
    _put(folder / "croissant.json", croissant(package, base))
    _put(folder / "dcat.jsonld", dcat(package, base))
    (folder / "CITATION.cff").write_text(citation(package, address), encoding="utf-8")


def croissant(package: Mapping[str, Any], base: str) -> dict[str, Any]:
    """Croissant 1.0: every Parquet file, its columns and their keys."""
    return {
        "@context": CROISSANT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": package["name"],
        "description": package["description"],
        "version": package["version"],
        **({"url": base.removesuffix("data/")} if base else {}),
        "datePublished": package["created"],
        "license": [one["path"] for one in package["licenses"]],
        "citeAs": f"{package['title']}, release {package['release']}",
        "isLiveDataset": True,
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": one["parquet"]["path"],
                "name": one["parquet"]["path"],
                "description": one["description"],
                "contentUrl": base + one["parquet"]["path"],
                "contentSize": f"{one['parquet']['bytes']} B",
                "encodingFormat": "application/x-parquet",
                "sha256": one["parquet"]["hash"].removeprefix("sha256:"),
            }
            for one in package["resources"]
        ],
        "recordSet": [_record_set(one) for one in package["resources"]],
    }


def _record_set(resource: Mapping[str, Any]) -> dict[str, Any]:
    name, schema = resource["name"], resource["schema"]
    far = {key["fields"][0]: key["reference"] for key in schema.get("foreignKeys", [])}
    fields = []
    for one in schema["fields"]:
        field = {
            "@type": "cr:Field",
            "@id": f"{name}/{one['name']}",
            "name": f"{name}/{one['name']}",
            "description": one["description"],
            "dataType": KINDS[one["type"]],
            "source": {"fileObject": {"@id": resource["parquet"]["path"]}, "extract": {"column": one["name"]}},
        }
        if one["name"] in far:
            there = far[one["name"]]
            field["references"] = {"field": {"@id": f"{there['resource']}/{there['fields'][0]}"}}
        fields.append(field)
    key = [{"@id": f"{name}/{column}"} for column in schema.get("primaryKey", [])]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": resource["description"],
        **({"key": key} if key else {}),
        "field": fields,
    }


def dcat(package: Mapping[str, Any], base: str) -> dict[str, Any]:
    """DCAT 3: one dataset, a distribution for each file."""
    files = [
        (one, file, kind)
        for one in package["resources"]
        for file, kind in ((one, "text/csv"), (one["parquet"], "application/vnd.apache.parquet"))
    ]
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "spdx": "http://spdx.org/rdf/terms#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@type": "dcat:Dataset",
        "@id": base or "#dataset",
        "dct:title": package["title"],
        "dct:description": package["description"],
        "dct:identifier": package["version"],
        "dct:issued": {"@value": package["created"], "@type": "xsd:dateTime"},
        "dct:license": [{"@id": one["path"]} for one in package["licenses"]],
        "dct:source": [one["title"] for one in package["sources"]],
        "dcat:version": package["release"],
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": f"{one['name']}: {one['description']}",
                "dcat:downloadURL": {"@id": base + file["path"]},
                "dcat:mediaType": kind,
                **({"dcat:compressFormat": "application/gzip"} if file is one else {}),
                "dcat:byteSize": file["bytes"],
                "dct:rights": ", ".join(licence["name"] for licence in one["licenses"]) or "facts and words of our own",
                "spdx:checksum": {
                    "@type": "spdx:Checksum",
                    "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
                    "spdx:checksumValue": file["hash"].removeprefix("sha256:"),
                },
            }
            for one, file, kind in files
        ],
    }


def citation(package: Mapping[str, Any], address: str) -> str:
    """How to cite this release, and each of its sources with its licence (CFF 1.2, in the JSON that is YAML too)."""
    told = {
        "cff-version": "1.2.0",
        "message": "Cite this release, and the source of each figure under its own licence.",
        "type": "dataset",
        "title": package["title"],
        "abstract": package["description"],
        "authors": [{"name": "The Framework Trends contributors"}],
        "version": f"{package['release']} ({package['version']})",
        "date-released": package["created"][:10],
        **({"url": f"{address}/"} if address else {}),
        "references": [
            {
                "type": "data",
                "title": one["title"],
                "authors": [{"name": one["attribution"]}],
                "notes": f"Licence: {one['licence']}. Passed on: {one['redistribution']} ({one['reason']}).",
            }
            for one in package["sources"]
        ],
    }
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def _put(path: Path, told: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
