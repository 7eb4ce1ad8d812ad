# SPDX-License-Identifier: Apache-2.0
"""Starts a program from a small process: launcher.py RESULT COMMAND...

Linux counts the memory of whoever starts a program towards its peak, so a
large Python must not do it. Writes [status, seconds, peak bytes] to RESULT.
"""
import os
import sys
import time

begin = time.perf_counter()
child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(child, 0)
seconds = time.perf_counter() - begin
with open(sys.argv[1], "w") as result:
    result.write("[%d, %.6f, %d]" % (os.waitstatus_to_exitcode(status), seconds, usage.ru_maxrss * 1024))
