"""The manifest: which results came from which files, by which rules and versions, with row counts.

In: a job, its journal and its outcome. Out: a document that is the same for the same run, even if it was
interrupted; therefore it has no date.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from engine.batch.counts import Outcome, Plain
from engine.batch.job import Job, versions
from engine.batch.journal import Journal
from engine.model.knowledge_base import KnowledgeBase, identity

FORMAT = "cartsign.manifest/1"


def manifest(
    job: Job, kb: KnowledgeBase, journal: Journal, inputs: Mapping[str, Plain], outcome: Outcome
) -> str:
    """The text of the manifest. `inputs` has the size and checksum of each file that was read."""
    counts, audited = outcome.counts, len(outcome.counts.sample)
    outputs = (
        (job.out, journal.results, outcome.has_results),
        (job.rejects, journal.rejects, journal.rejects.file.tell() > 0),
    )
    said = {
        "format": FORMAT,
        "kb": identity(kb),
        "made_by": versions(),
        "options": job.options,
        "inputs": [{"file": file, **known} for file, known in inputs.items()],
        "outputs": [
            {"file": path.name, "bytes": part.file.tell(), "sha256": part.checksum.hexdigest()}
            for path, part, is_there in outputs
            if is_there
        ],
        "rows": counts.rows,
        "assessed": counts.assessed,
        "rejected": counts.rejected,
        "unread": counts.unread,
        "blank": counts.blank,
        "audit": {"seed": job.settings.seed, "rows": audited, "agreeing": audited},
        "summary": outcome.summary,
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"
