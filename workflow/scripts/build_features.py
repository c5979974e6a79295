"""Make the network's input from mock catalogs: order, scaling, split (section 3.2)."""

from encluster.catalogs import ClusterCatalogs
from encluster.network.inputs import VARIANTS, build_features, with_permuted_labels
from encluster.running import command_line
from encluster.running.configuration import Configuration


def main() -> None:
    """Read the mocks; write the features."""
    example = (
        "--config results/laptop/config.yaml --mocks results/laptop/mocks/mocks.h5 --variant no_wl --output no_wl.h5"
    )
    parser = command_line.parser(__doc__, example=example, inputs=("mocks",))
    parser.add_argument("--variant", choices=list(VARIANTS), default="standard", help="input of the network")
    parser.add_argument(
        "--permuted-labels", action="store_true", help="permute the labels of the training and validation catalogs"
    )
    arguments = parser.parse_args()
    config = Configuration.read(arguments.config)
    features = build_features(
        ClusterCatalogs.read(arguments.mocks, "mocks"),
        seed=config.seed,
        variant=arguments.variant,
        fractions=config.features.fractions,
        interval=config.features.interval,
    )
    if arguments.permuted_labels:
        features = with_permuted_labels(features, seed=config.seed)
    features.write(arguments.output)


if __name__ == "__main__":
    command_line.run(main)
