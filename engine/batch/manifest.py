"""What a run was: of which files which results came, by which rules and versions, and how many rows.

In: a job and its outcome. Out: a document, the same for the same run, however often it was broken off. It has
no date for that reason.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.batch.job import Job, versions
from engine.meaning.assembly import identity
from engine.model.knowledge_base import KnowledgeBase

FORMAT = "cartsign.manifest/1"

Plain = dict[str, object]


def manifest(
    job: Job,
    kb: KnowledgeBase,
    inputs: Mapping[str, Plain],
    counts: Plain,
    audit: Plain,
    outputs: Mapping[str, Plain],
    summary: Plain,
) -> Plain:
    """The document. `inputs` and `outputs` have the size and checksum of each file."""
    return {
        "format": FORMAT,
        "kb": identity(kb),
        "made_by": versions(),
        "options": job.options,
        "inputs": [{"file": file, **known} for file, known in inputs.items()],
        "outputs": [{"file": file, **known} for file, known in outputs.items()],
        **counts,
        "audit": audit,
        "summary": summary,
    }
