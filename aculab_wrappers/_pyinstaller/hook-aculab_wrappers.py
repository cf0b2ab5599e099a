"""Give a frozen program the console's files, the parity suite, and what is imported by name."""

from PyInstaller.utils.hooks import (  # type: ignore[import-untyped]
    collect_data_files,
    collect_submodules,
)

from aculab_wrappers.parity.folder import suite_folder

datas = [
    *collect_data_files("aculab_wrappers"),
    # In a checkout the suite is beside the package, not in it.
    (str(suite_folder()), "aculab_wrappers/parity/suite"),
]
hiddenimports = [
    *(f"aculab_wrappers.{name}" for name in ("csharp", "vb", "java", "php", "python")),
    *collect_submodules("aculab_wrappers.demo"),
    *collect_submodules("aculab_wrappers.parity"),
]
