{
    "name": "Fusion Guards Off",
    "summary": "For tests: takes away what keeps a technician from being booked twice, "
    "to show that the races would notice",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "Fusion contributors",
    "license": "LGPL-3",
    "depends": ["fusion_tasks"],
    "post_init_hook": "drop_guards",
    "installable": True,
}
