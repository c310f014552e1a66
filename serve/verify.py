"""``squaredeal verify``: is a hand what the table had sealed? Offline, without a server."""

import argparse
from pathlib import Path

from games.cards import format_cards
from games.fair.proof import Fault, HandProof, ProofUnreadable, Verdict, read_proof, verify
from serve.settings import SettingWrong

SAID = {
    Fault.MALFORMED: "a field has the wrong form, or a card has no opening",
    Fault.CARD_TWICE: "one card is there twice",
    Fault.POSITION_WRONG: "a card was not dealt from its place in the deck",
    Fault.OPENING_WRONG: "a card, its salt or its path does not lead to the root",
    Fault.ENTROPY_MISSING: "your entropy was not in the deal",
    Fault.COMMITMENT_CHANGED: "another seed had been announced",
    Fault.SEED_WRONG: "the seed is not the one committed to",
    Fault.DECK_WRONG: "seed and entropies make another deck than the sealed one",
}


def verify_command(arguments: list[str]) -> int:
    """0 if every file proves what it claims, 1 if one does not."""
    parser = argparse.ArgumentParser(
        "squaredeal verify",
        description="Check the proofs in a hand's record (docs/fairness.md). Needs no server.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="HAND.json")
    wrong = 0
    for path in parser.parse_args(arguments).files:
        try:
            proof = read_proof(path.read_bytes())
        except (OSError, ProofUnreadable) as unreadable:
            raise SettingWrong(f"{path}: {unreadable}") from None
        verdict = verify(proof)
        print(f"{path}: {_line(proof, verdict)}")
        for fault in verdict.faults:
            print(f"  {fault}: {SAID[fault]}")
        wrong += bool(verdict.faults)
    return 1 if wrong else 0


def _line(proof: HandProof, verdict: Verdict) -> str:
    name = f"hand {proof.hand} at {proof.table}"
    if verdict.faults:
        return f"{name} is NOT as it was sealed"
    holes = " ".join(f"{hole.seat}:{format_cards(hole.cards)}" for hole in proof.holes)
    cards = f"{verdict.cards} cards ({holes or '-'} | {format_cards(proof.board) or '-'})"
    checked = {
        "your entropy": verdict.entropy_checked,
        "the announced commitment": verdict.commitment_checked,
        "the whole deck from its seed": verdict.seed_checked,
    }
    said = [what for what, was in checked.items() if was]
    missing = [what for what, was in checked.items() if not was]
    line = f"{name}: {cards} as sealed"
    line += f"; also checked: {', '.join(said)}" if said else ""
    return line + (f"; not in the file: {', '.join(missing)}" if missing else "")
