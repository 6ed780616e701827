"""Runs a command at a terminal of its own, types a line at each prompt, and prints what a person would see.

answer_prompts.py '["first line", "second line"]' command argument ...
"""

import json
import os
import pty
import sys

lines = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])

seen = b""
answered = 0
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:  # Linux says so when the other end is closed.
        break
    if not chunk:
        break
    seen += chunk
    while lines and seen.count(b": ") > answered:
        answered += 1
        os.write(terminal, (lines.pop(0) + "\r").encode())

sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
