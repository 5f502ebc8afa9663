from lab.progress import Progress


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_time_left_is_that_of_the_rest_at_the_speed_so_far() -> None:
    clock, lines = Clock(), list[str]()
    shown = Progress(lines.append, on_terminal=True, clock=clock)
    clock.now = 30.0
    shown.show("matching", 10, 100)
    assert lines[-1].strip() == "matching: 10 of 100, about 4 min left"
    clock.now = 31.0
    shown.show("matching", 20, 100)
    assert len(lines) == 1
    shown.show("matching", 100, 100)
    assert lines[-1].split() == ["matching:", "100", "of", "100,", "took", "31", "s"]


def test_a_file_gets_a_line_a_minute() -> None:
    clock, lines = Clock(), list[str]()
    shown = Progress(lines.append, on_terminal=False, clock=clock)
    for clock.now in (59.0, 60.0, 61.0, 119.0, 120.0):
        shown.show("matching", 1, 9)
    assert [line.endswith("left\n") for line in lines] == [True, True]
