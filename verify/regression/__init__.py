"""For other people's tests: files of problems, reports of before, exact numbers and tolerances."""
