{
    "name": "Fusion Turns Off",
    "summary": "For tests: takes away that a client's request begins when it is its "
    "turn, to show that the races would notice",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "Fusion contributors",
    "license": "LGPL-3",
    "depends": ["fusion_tasks"],
    "installable": True,
}
