"""Names of the transforms, apart from the code that makes them, so that pages load no OpenCV."""

# Groups that pages show, with the edit families in each. Every family is in one group.
GROUPS: dict[str, tuple[str, ...]] = {
    "quality": ("edit-jpeg-85", "edit-jpeg-20", "edit-quarter", "edit-blur", "edit-sharp-subject"),
    "colours": ("edit-grey", "edit-hue-60", "edit-hue-180", "edit-colours", "edit-inverted"),
    "turned": ("edit-mirror", "edit-rotate-10", "edit-rotate-25", "edit-rotate-90"),
    "cropped": ("edit-crop-60", "edit-crop-35"),
    "covered": ("edit-text", "edit-border", "edit-screenshot"),
    "scene": ("edit-paste-40", "edit-paste-20", "edit-paste-10", "edit-collage", "edit-ground"),
    "several": ("edit-chain-a", "edit-chain-b", "edit-chain-c", "edit-tilt-35-hue"),
    "angle": ("edit-tilt-20", "edit-tilt-35", "edit-tilt-50"),
}
# Where the camera is: the axis that the picture turns about, and the direction.
SIDES: dict[str, tuple[str, int]] = {
    "left": ("vertical", 1),
    "right": ("vertical", -1),
    "above": ("horizontal", 1),
    "below": ("horizontal", -1),
}
DEGREES = (35, 50)
