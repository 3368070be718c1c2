"""Is an answer right? If not: which classic mistake is it, and at which numbers does it show?"""
