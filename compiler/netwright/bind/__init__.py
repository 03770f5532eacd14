"""Running a spec on numbers: blocks and nets become instances, mistakes become diagnostics."""
