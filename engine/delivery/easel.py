"""Draws charts in a process of its own: the renderer holds Python's lock while it works, and much memory.

Run as a file. A line of Vega-Lite on standard input is answered with `png LENGTH` and so many bytes, or with
`fault` and a sentence. It ends when its input does, as when whoever started it is killed.
"""

import sys

SCALE = 2  # sharp on screens with two pixels to the point


def main() -> None:
    import vl_convert  # noqa: PLC0415 (the other side imports this file for its constants alone)

    for line in sys.stdin:
        try:
            png = bytes(vl_convert.vegalite_to_png(line, scale=SCALE, allowed_base_urls=[]))
        except ValueError as fault:
            sys.stdout.write(f"fault {' '.join(str(fault).split())}\n")
        else:
            sys.stdout.write(f"png {len(png)}\n")
            sys.stdout.flush()
            sys.stdout.buffer.write(png)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
