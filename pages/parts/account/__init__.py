"""The parts of the Account page: who it is, what happened, what people wrote."""
