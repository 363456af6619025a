import pytest


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "my data"
    folder.mkdir()
    (folder / "edges.csv").write_text("source,target\n1,2\n3,2\n")
    return folder


def test_the_path_is_the_data_and_the_next_step_a_hint(call, data):
    result = call("init", data)
    assert result.exit_code == 0
    assert result.stdout == f"{data / 'dataset.toml'}\n"
    assert f"vouch check --data '{data}'" in result.stderr
    assert (data / "dataset.toml").read_text(encoding="utf-8").strip()


def test_a_draft_is_not_overwritten_unless_forced(call, data):
    (data / "dataset.toml").write_text("# mine\n")
    result = call("init", data)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "--force" in result.stderr
    assert (data / "dataset.toml").read_text() == "# mine\n"
    assert call("init", data, "--force").exit_code == 0
    assert (data / "dataset.toml").read_text() != "# mine\n"


def test_a_folder_that_is_not_there_is_handled(call, tmp_path):
    result = call("init", tmp_path / "nowhere")
    assert result.exit_code == 1
    assert "nowhere" in result.stderr
    assert "defect" not in result.stderr
