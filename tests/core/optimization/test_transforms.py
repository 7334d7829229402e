import math

import numpy as np
import pytest
import torch

from actviz_core import TRANSFORMS, BlurView, Crops, Flip, Jitter, Narrow, Noise, Pad, Rotate, Scale
from actviz_core.blur import blurred
from actviz_core.optimization.views import Drawing, Moment, Resampling, drawn, planned, views
from actviz_core.settings import neutral

GREY = torch.tensor([0.5, 0.25, 0.75])[:, None, None]
HEIGHT, WIDTH = 30, 40


def ramps(n, height=HEIGHT, width=WIDTH):
    """Images that say where they are.

    Channel 0 is the row, 1 the column, in pixels from the centre, 2 which image it is.
    """
    rows = torch.arange(height) - (height - 1) / 2
    columns = torch.arange(width) - (width - 1) / 2
    images = torch.zeros(n, 3, height, width)
    images[:, 0], images[:, 1] = rows[:, None], columns
    images[:, 2] = torch.arange(n)[:, None, None]
    return images


def places(seen, block=6):
    """Per view the 3 x 3 matrix from view to image that `ramps` reveal near the centre."""
    rows, columns = (slice((side - block) // 2, (side + block) // 2) for side in seen.shape[2:])
    at = ramps(1, *seen.shape[2:])[0, :, rows, columns].flatten(1)
    known = torch.stack([at[1], at[0], torch.ones_like(at[0])]).T
    found = [torch.linalg.lstsq(known, view[[1, 0], rows, columns].flatten(1).T).solution.T for view in seen]
    return torch.cat([torch.stack(found), torch.tensor([0.0, 0.0, 1.0]).expand(len(seen), 1, 3)], 1)


def pictures(n=2, height=13, width=18):
    return torch.rand(n, 3, height, width, generator=torch.Generator().manual_seed(3))


@pytest.mark.parametrize("kind", TRANSFORMS)
def test_a_transform_of_strength_zero_is_the_identity_and_draws_nothing(kind, rng):
    images, before = pictures(), rng.get_state()
    assert torch.equal(views(images, (neutral(kind),), rng, GREY), images)
    assert torch.equal(rng.get_state(), before)


@pytest.mark.parametrize("kind", TRANSFORMS)
def test_every_transform_takes_a_drawing_and_gives_another(kind, rng):
    before = Drawing.of(2, HEIGHT, WIDTH, Moment(progress=0.5), torch.device("cpu"))
    after = kind().draw(before, rng)
    assert isinstance(after, Drawing) and after is not before
    assert before.matrices is None and before.steps == () and (before.border, before.fill) == (0, "reflect")
    assert (after.moment != before.moment) == (kind is Narrow) and (after.border > 0) == (kind is Pad)


def test_what_says_how_others_draw_holds_wherever_it_stands_and_the_first_of_a_kind():
    """Scale and Rotate stand before Narrow in the Good default."""
    images = pictures()

    def seen(*transforms):
        return views(images, transforms, torch.Generator().manual_seed(5), GREY, Moment(progress=0.5))

    expected = seen(Pad(3, "edge"), Narrow(0.5), Scale(0.5, 2.0), Noise(0.1))
    assert torch.equal(seen(Scale(0.5, 2.0), Noise(0.1), Narrow(0.5), Pad(3, "edge")), expected)
    assert torch.equal(
        seen(Pad(3, "edge"), Narrow(0.5), Scale(0.5, 2.0), Noise(0.1), Pad(1, "grey"), Narrow(0.0)), expected
    )


@pytest.mark.parametrize("kind", TRANSFORMS)
def test_gradients_reach_the_picture_and_the_picture_stays(kind, rng):
    images = pictures().requires_grad_()
    before = images.detach().clone()
    views(images, (kind(),), rng, GREY).sum().backward()
    assert images.grad.abs().amax((1, 2, 3)).min() > 0 and torch.equal(images, before)


@pytest.mark.parametrize("kind", [kind for kind in TRANSFORMS if kind not in (Pad, Narrow, BlurView)])
def test_every_image_is_changed_in_its_own_way_and_by_the_given_generator_alone(kind):
    images = pictures(1).repeat(8, 1, 1, 1)
    torch.manual_seed(1)
    one = views(images, (kind(),), torch.Generator().manual_seed(5), GREY)
    torch.manual_seed(2)
    again = views(images, (kind(),), torch.Generator().manual_seed(5), GREY)
    other = views(images, (kind(),), torch.Generator().manual_seed(6), GREY)
    assert torch.equal(one, again) and not torch.equal(one, other)
    assert len({tuple(view.flatten().tolist()) for view in one}) >= 2


def test_jitter_shifts_by_whole_pixels_to_all_four_sides_alike(rng):
    matrices = places(views(ramps(700), (Jitter(3),), rng, GREY))
    shifts = matrices[:, :2, 2]
    torch.testing.assert_close(matrices[:, :2, :2], torch.eye(2).expand(700, 2, 2), atol=1e-4, rtol=0)
    torch.testing.assert_close(shifts, shifts.round(), atol=1e-4, rtol=0)
    for axis in (0, 1):
        counts = torch.bincount(shifts[:, axis].round().int() + 3, minlength=7)
        assert len(counts) == 7 and counts.min() > 60 and counts.max() < 140  # 100 each on average
    assert (shifts[:, 0].round() != shifts[:, 1].round()).any()


def test_jitter_copies_pixels_exactly(rng):
    images = pictures(1)
    seen = views(images, (Pad(0, "reflect"), Jitter(4)), rng, GREY)[0]
    mirrored = torch.from_numpy(np.pad(images[0].numpy(), ((0, 0), (4, 4), (4, 4)), mode="symmetric"))
    windows = mirrored.unfold(1, 13, 1).unfold(2, 18, 1)
    assert (windows - seen[:, None, None]).abs().amax((0, 3, 4)).min() < 1e-5


def test_jitter_shrinks_with_the_picture(rng):
    shifts = places(views(ramps(200), (Jitter(8),), rng, GREY, Moment(zoom=0.5)))[:, :2, 2].round()
    assert shifts.abs().max() == 4


def test_scale_enlarges_by_the_factor(rng):
    matrices = places(views(ramps(2), (Scale(2.0, 2.0),), rng, GREY))
    torch.testing.assert_close(matrices, torch.diag(torch.tensor([0.5, 0.5, 1.0])).expand(2, 3, 3), atol=1e-4, rtol=0)


def test_scale_stays_between_its_ends_and_reaches_them(rng):
    factors = 1 / places(views(ramps(200), (Scale(0.8, 1.6),), rng, GREY))[:, 0, 0]
    assert 0.8 - 1e-4 <= factors.min() < 0.83 and 1.57 < factors.max() <= 1.6 + 1e-4


def test_rotate_turns_to_both_sides_and_no_further(rng):
    matrices = places(views(ramps(200), (Rotate(20.0),), rng, GREY))[:, :2, :2]
    torch.testing.assert_close(matrices @ matrices.mT, torch.eye(2).expand(200, 2, 2), atol=1e-4, rtol=0)
    torch.testing.assert_close(torch.linalg.det(matrices), torch.ones(200), atol=1e-4, rtol=0)
    angles = torch.rad2deg(torch.atan2(matrices[:, 1, 0], matrices[:, 0, 0]))
    assert -20.01 < angles.min() < -19 and 19 < angles.max() < 20.01


def test_narrow_shrinks_scale_and_rotate_along_a_line_and_leaves_jitter():
    """At the end a full Narrow leaves the shift alone.

    Half of it leaves the half of the angles, and the root of the scales.
    """
    images = pictures(1)

    def seen(transforms, progress):
        return views(images, transforms, torch.Generator().manual_seed(5), GREY, Moment(progress))

    wide = (Jitter(2), Scale(0.5, 2.0), Rotate(40.0))
    assert torch.equal(seen((*wide, Narrow(1.0)), 0.0), seen(wide, 0.0))
    assert torch.equal(seen((*wide, Narrow(0.5)), 1.0), seen((Jitter(2), Scale(0.5**0.5, 2.0**0.5), Rotate(20.0)), 1.0))
    assert torch.allclose(seen((*wide, Narrow(1.0)), 1.0), seen((Jitter(2),), 1.0), atol=1e-5)


def test_flip_mirrors_left_and_right(rng):
    images = pictures()
    torch.testing.assert_close(views(images, (Flip(1.0),), rng, GREY), images.flip(3))
    mirrored = places(views(ramps(400), (Flip(0.25),), rng, GREY))[:, 0, 0] < 0
    assert 60 < mirrored.sum() < 140


def test_geometric_transforms_apply_one_after_another():
    transforms = (Jitter(3), Scale(0.9, 1.2), Rotate(15.0))
    seen = places(views(ramps(6), transforms, torch.Generator().manual_seed(5), GREY))
    rng = torch.Generator().manual_seed(5)
    moves = [transform.matrices(6, HEIGHT, WIDTH, rng, Moment()) for transform in transforms]
    torch.testing.assert_close(seen, moves[0] @ moves[1] @ moves[2], atol=1e-3, rtol=0)


@pytest.mark.parametrize("fill, mode", [("reflect", "symmetric"), ("edge", "edge")])
def test_pad_shows_the_picture_with_a_border(fill, mode, rng):
    images = pictures()
    seen = views(images, (Pad(3, fill),), rng, GREY)
    expected = np.pad(images.numpy(), ((0, 0), (0, 0), (3, 3), (3, 3)), mode=mode)
    np.testing.assert_allclose(seen, expected, atol=1e-5)


def test_pad_with_the_networks_own_grey(rng):
    images = pictures()
    seen = views(images, (Pad(3, "grey"),), rng, GREY)
    torch.testing.assert_close(seen[:, :, 3:-3, 3:-3], images)
    border = torch.ones(19, 24, dtype=torch.bool)
    border[3:-3, 3:-3] = False
    torch.testing.assert_close(seen[:, :, border], GREY[:, 0].expand(3, int(border.sum())).expand(2, -1, -1))


def test_pad_shrinks_with_the_picture(rng):
    assert views(pictures(), (Pad(8, "grey"),), rng, GREY, Moment(zoom=0.25)).shape == (2, 3, 17, 22)


@pytest.mark.parametrize("progress, side", [(0.0, 0.5), (0.5, 0.275), (1.0, 0.05)])
def test_crops_have_the_sides_asked_for_and_lie_inside(progress, side, rng):
    images = ramps(2, 160, 240)
    seen = views(images, (Crops(64, 0.5, 0.05),), rng, GREY, Moment(progress))
    assert seen.shape == (128, 3, 160, 240)
    assert torch.equal(seen[:, 2, 80, 120].round(), torch.arange(2.0).repeat(64))  # view by view
    matrices = places(seen, 40)
    torch.testing.assert_close(matrices[:, :2, :2], (side * torch.eye(2)).expand(128, 2, 2), atol=2e-3, rtol=0)
    for axis, length in ((0, 240), (1, 160)):
        room = (1 - side) / 2 * length
        assert 0.9 * room < matrices[:, axis, 2].abs().max() <= room + 0.01
        assert matrices[:, axis, 2].min() < 0 < matrices[:, axis, 2].max()


def test_crops_of_what_was_turned_before(rng):
    seen = views(ramps(3), (Rotate(20.0), Crops(4, 0.5, 0.5), Noise(0.0)), rng, GREY)
    assert torch.equal(seen[:, 2, 15, 20].round(), torch.arange(3.0).repeat(4))
    angles = torch.atan2(*places(seen)[:, :2, 0].T.flip(0)).view(4, 3)
    torch.testing.assert_close(angles, angles[:1].expand(4, 3), atol=1e-3, rtol=0)


def test_noise_before_them_changes_no_views():
    def resamplings(*transforms):
        pictures = Drawing.of(3, HEIGHT, WIDTH, Moment(), torch.device("cpu"))
        steps = planned(transforms, pictures, torch.Generator().manual_seed(5))
        return [step for step in steps if isinstance(step, Resampling)]

    noisy, plain = resamplings(Noise(0.1), Jitter(5), Rotate(20.0)), resamplings(Jitter(5), Rotate(20.0))
    assert len(noisy) == len(plain) == 1 and torch.equal(noisy[0].theta, plain[0].theta)


def test_runs_of_one_seed_share_what_is_drawn_and_see_the_same_noise():
    images, grey, moment = pictures(), torch.zeros(3, 1, 1), Moment()
    both, size = (Jitter(5), Noise(0.1)), images.shape[2:]
    steps = drawn(both, len(images), *size, 7, moment, images.device)
    assert drawn(both, len(images), *size, 7, moment, images.device) is steps
    first, second = (steps.views(images, grey, moment) for _ in range(2))
    assert torch.equal(first, second)
    assert torch.equal(first, views(images, both, torch.Generator().manual_seed(7), grey, moment))


def test_noise_has_its_standard_deviation(rng):
    images = pictures(2, 90, 120)
    noise = views(images, (Noise(0.1),), rng, GREY) - images
    assert abs(noise.mean()) < 0.002 and abs(noise.std() - 0.1) < 0.002
    assert abs((noise[0] * noise[1]).mean()) < 2e-4


def test_noise_comes_after_what_stands_before_it(rng):
    flat = torch.full((1, 3, 13, 18), 0.5)
    assert (
        views(flat, (Noise(0.1), Scale(4.0, 4.0)), rng, GREY).std()
        < views(flat, (Scale(4.0, 4.0), Noise(0.1)), rng, GREY).std()
        < 0.11
    )


def gaussian(image, sigma):
    """The same blur in NumPy, along one axis and the other; the kernel ends at three sigma."""
    radius = max(1, round(3 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    for axis in (0, 1):
        padded = np.pad(image, [(radius, radius) if a == axis else (0, 0) for a in (0, 1)], mode="reflect")
        image = np.apply_along_axis(np.convolve, axis, padded, kernel, "valid")
    return image


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.3])
def test_blur_is_gaussian(sigma, rng):
    images = pictures()
    expected = [[gaussian(channel, sigma) for channel in image] for image in images.numpy()]
    np.testing.assert_allclose(blurred(images, sigma), expected, atol=1e-5)
    np.testing.assert_allclose(views(images, (BlurView(sigma),), rng, GREY), expected, atol=1e-5)


def test_blur_of_a_picture_smaller_than_its_kernel():
    assert torch.isfinite(blurred(pictures(1, 5, 9), 8.0)).all()


def test_borders_and_crops_after_noise_have_the_right_size(rng):
    assert views(pictures(), (Pad(2, "grey"), Noise(0.1), Jitter(1), Crops(3)), rng, GREY).shape == (6, 3, 17, 22)
    assert math.prod(views(pictures(), (Noise(0.1), Pad(2, "grey")), rng, GREY).shape[:2]) == 6
