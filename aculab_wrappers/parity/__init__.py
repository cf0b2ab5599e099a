"""The parity suite's runner: it holds an implementation of a dialect against the shared cases.

    folder.py      where the suite's files are
    suite.py       reading them, and refusing what cannot be relied on
    case.py          one case, with the defaults filled in
    soundness.py     what the schema cannot say: no name unknown, nothing unused
    run.py         the whole run: which drivers, which cases, which checks beside them
    runner.py      one case on one driver, and what came of it
    cloud.py         the cloud of a case: keeps what it is asked, answers by script
    proxy.py         a real proxy server for the cases that want one
    compare.py       what differs between what was expected and what came
    driver.py      a program behind `--driver`, spoken to in JSON lines
    faces.py       this package's faces behind the same interface
    dotnet.py, java.py, python.py, php.py   what a step means in each of them
    typed.py         and how their values are reported
    surface.py     a face's names against the transcript of its page
    signatures.py    and its signatures
    samples.py     the page's samples: unaltered, their faults named, their ports running
    self_test.py   the runner itself: cases that must pass, fail, and be refused
    report.py      the matrix, as a value, as JSON and as JUnit's XML

The format of the suite is described in its README.md.
"""
