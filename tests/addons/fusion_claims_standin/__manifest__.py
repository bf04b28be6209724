{
    "name": "Fusion Claims Stand-in",
    "summary": "For tests: just those models and fields of funding claims that "
    "Fusion Repairs reads",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "Fusion contributors",
    "license": "LGPL-3",
    "depends": ["sale"],
    "data": ["security/ir.model.access.csv"],
    "installable": True,
}
