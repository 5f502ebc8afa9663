import io

from PIL import Image

from lab.stress.load import varied
from tests.pictures import drawn, encoded


def test_no_two_listings_show_the_same_picture() -> None:
    picture = encoded(drawn(1))
    made = [varied(picture, number) for number in range(5)]
    assert len(set(made)) == 5
    assert varied(picture, 3) == made[3]
    with Image.open(io.BytesIO(made[0])) as image:
        assert image.size == (drawn(1).shape[1], drawn(1).shape[0])
