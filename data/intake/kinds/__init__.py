"""One kind of delivery a file: what a sender's requests look like, and which facts they are."""
