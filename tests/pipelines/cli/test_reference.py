from pipelines.cli.reference import PAGE, cli_reference


def test_the_page_is_what_the_commands_say():
    assert PAGE.read_text(encoding="utf-8") == cli_reference(), "run: python -m pipelines.cli.reference"
