"""The manifest: which results came from which files, by which rules and versions, with row counts.

In: a job and its outcome. Out: a document that is the same for the same run, even if it was interrupted;
therefore it has no date.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.batch.job import Job, versions
from engine.model.knowledge_base import KnowledgeBase, identity

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
    """The document. `inputs` and `outputs` contain the size and checksum of each file."""
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
