# Sourced by every script: find a Python that Odoo 19 supports and hand over to it.
# Usage (in a script):  . "$(dirname -- "$0")/devkit/entry.sh"; devkit_main run "$@"

devkit_python() {
    for candidate in ${FUSION_PYTHON:-} python3 python3.12 python3.11 python3.13 python3.10; do
        if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c \
            'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
        then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

devkit_main() {
    command_name=$1
    shift
    scripts_dir=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
    if ! python=$(devkit_python); then
        echo "error: no Python 3.10, 3.11, 3.12 or 3.13 found (Odoo 19 needs one)." >&2
        echo "       Install it (Debian/Ubuntu: apt-get install python3 python3-venv) or name one: FUSION_PYTHON=/path/to/python3" >&2
        exit 2
    fi
    PYTHONPATH="$scripts_dir" PYTHONDONTWRITEBYTECODE=1 exec "$python" -m "devkit.cmd_$command_name" "$@"
}
