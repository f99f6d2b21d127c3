"""Understanding: the objective becomes a contract whose classes are the labels that really stand in the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tasks.rules.building.contract import Contract

if TYPE_CHECKING:
    from tasks.modelling.session import Session


def agree(session: Session, proposal: dict[str, Any] | None = None) -> dict[str, Any]:
    """The contract. `proposal`: one that a language model worded and the rules accepted."""
    from tasks.modelling.labels import bind_classes, label_texts
    from tasks.rules.building.objective import Overrides, understand

    request = session.request
    said = Overrides(
        target=request.target, metric=request.metric, positive=request.positive, task=request.task, group=request.group,
        time=request.time, forbid=request.forbid,
    )  # fmt: skip
    contract = Contract.model_validate(proposal) if proposal else understand(request.objective, session.profile, said)
    if contract.task != "regression":
        contract = bind_classes(contract, label_texts(session.table[0][contract.target]))
    session.workspace.write("contract.json", contract)
    clauses = f", {len(contract.clauses)} clauses" if contract.clauses else ""
    return {"contract": contract.model_dump(mode="json"), "told": f"{contract.task} of {contract.target}, {contract.metric}{clauses}"}
