#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""HiGHS on an MPS file: highs.py FILE SECONDS THREADS prints objective,bound,seconds.

A reference for benchmarks only; `pip install highspy`.
"""
import sys
import time

import highspy

solver = highspy.Highs()
solver.setOptionValue("output_flag", False)
solver.readModel(sys.argv[1])
solver.setOptionValue("threads", int(sys.argv[3]))
solver.setOptionValue("time_limit", float(sys.argv[2]))
solver.setOptionValue("mip_rel_gap", 0.0)
start = time.monotonic()
solver.run()
seconds = time.monotonic() - start
info = solver.getInfo()
print(f"{info.objective_function_value},{info.mip_dual_bound},{seconds:.2f}")
