"""The fair deal: a deck nobody chose, sealed before the first card, proved card by card."""
