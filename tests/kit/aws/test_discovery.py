"""A café is found by the names of its parts; what is missing is reported with advice."""

from collections.abc import Callable

import pytest
import requests
from botocore.exceptions import ClientError

from acceptance.aws import discovery, rest_apis
from acceptance.aws.account import Account
from acceptance.aws.discovery import choose
from acceptance.aws.secret import HEADER, SECRET
from acceptance.trouble import Trouble
from support.serverlesspresso import parts as cafe_parts
from support.serverlesspresso.dialect import Dialect
from support.serverlesspresso.parts import PARTS, SHOP, Parts, discover, discover_front_door
from support.serverlesspresso.settings import ServerlesspressoSettings

ARN = "arn:aws:states:eu-west-1:123456789012:stateMachine:"
MANAGER = f"{ARN}02OrderManagerStateMachine-AbC123"
PROCESSOR = f"{ARN}01OrderProcessorWorkflow-xYz789"
TABLES = ["serverlesspresso-order-table", "other-order-table", "bakery-config-table"]


def choose_manager(wanted, names):
    return choose("workflow of the actions", "order_manager", "ordermanager", wanted, names)


def choose_orders(wanted, names):
    return choose("table of the orders", "orders_table", "order-table", wanted, names, rather=SHOP)


class TestChoose:
    @pytest.mark.parametrize(
        "wanted",
        ["", MANAGER, "02OrderManagerStateMachine-AbC123"],
        ids=["by a fragment between prefix and suffix", "by its ARN", "by its name"],
    )
    def test_workflow_is_found(self, wanted):
        assert choose_manager(wanted, [PROCESSOR, MANAGER]) == MANAGER

    def test_fragment_of_an_account_or_a_region_is_no_name(self):
        foreign = "arn:aws:states:ordermanager:ordermanager:stateMachine:Bakery"
        assert choose_manager("", [foreign, MANAGER]) == MANAGER

    def test_shop_is_preferred_to_others(self):
        assert choose_orders("", TABLES) == "serverlesspresso-order-table"

    def test_setting_comes_before_the_preference(self):
        assert choose_orders("other-order-table", TABLES) == "other-order-table"

    def test_setting_may_name_what_no_fragment_finds(self):
        assert choose_orders("bakery-config-table", TABLES) == "bakery-config-table"

    @pytest.mark.parametrize(
        ("wanted", "names", "sentence"),
        [
            (
                "",
                ["bakery-config-table"],
                'No table of the orders was found: no name contains "order-table". '
                "Deploy it, or name it with -D orders_table=….",
            ),
            ("order-table", TABLES, 'There is no table of the orders called "order-table" (setting orders_table).'),
            (
                "",
                ["b-order-table", "a-order-table"],
                "More than one table of the orders was found (a-order-table, b-order-table). "
                "Choose one with -D orders_table=….",
            ),
            (
                "",
                [*TABLES, "serverlesspresso-order-table-2"],
                "More than one table of the orders was found "
                "(serverlesspresso-order-table, serverlesspresso-order-table-2). Choose one with -D orders_table=….",
            ),
        ],
        ids=["missing", "named wrongly", "ambiguous", "ambiguous among the preferred"],
    )
    def test_what_cannot_be_chosen_is_told_with_what_to_do(self, wanted, names, sentence):
        with pytest.raises(Trouble) as trouble:
            choose_orders(wanted, names)
        assert str(trouble.value) == sentence

    def test_several_workflows_are_told_by_their_names(self):
        with pytest.raises(Trouble, match=r"\(02OrderManagerStateMachine-AbC123, OrderManager\)"):
            choose_manager("", [MANAGER, f"{ARN}OrderManager"])


def test_every_page_of_the_buses_is_read():
    class Events:
        def list_event_buses(self, NextToken="0"):
            page = int(NextToken)
            more = {"NextToken": str(page + 1)} if page < 2 else {}
            return {"EventBuses": [{"Name": f"bus-{page}"}], **more}

    class OneOfManyBuses:
        events = Events()

    assert list(discovery.buses(OneOfManyBuses())) == ["bus-0", "bus-1", "bus-2"]


@pytest.fixture(scope="module")
def account(cafe_account) -> Account:
    return cafe_account[1]


@pytest.fixture(scope="module")
def another_account(cafe_account) -> Callable[[], Account]:
    """Empty accounts on the same emulator, each call another one."""
    numbers = iter(range(300000000001, 300000000100))
    return lambda: Account("us-east-1", cafe_account[0].url, str(next(numbers)))


@pytest.fixture
def half_a_cafe(another_account):
    """An account with everything but settings; items with these `keys` go into its settings' table.

    The menu is in the items `menu…`, and on demand in the items `config…` too.
    """

    def build(*keys, menu_in_settings=False):
        account = another_account()
        account.events.create_event_bus(Name="Serverlesspresso")
        for name in ("01OrderProcessorWorkflow-xYz789", "02OrderManagerStateMachine-AbC123"):
            account.stepfunctions.create_state_machine(
                name=name,
                definition='{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}',
                roleArn="arn:aws:iam::300000000001:role/cafe",
            )
        for name in ("order", "config", "counting"):
            account.dynamodb.create_table(
                TableName=f"serverlesspresso-{name}-table",
                KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
            )
        for key in keys:
            menu = {"L": [{"M": {"drink": {"S": "Tea"}}}]}
            more = {"value": menu} if key.startswith("menu") else {"menu": menu} if menu_in_settings else {}
            account.dynamodb.put_item(TableName="serverlesspresso-config-table", Item={"PK": {"S": key}, **more})
        return account

    return build


def trouble_of(account, settings=None):
    with pytest.raises(Trouble) as trouble:
        discover(account, settings or ServerlesspressoSettings())
    return str(trouble.value)


@pytest.mark.cloud
class TestDiscover:
    def test_whole_cafe_is_found(self, account):
        machine = "arn:aws:states:us-east-1:000000000000:stateMachine:"
        assert discover(account, ServerlesspressoSettings()) == Parts(
            "Serverlesspresso",
            f"{machine}OrderProcessorWorkflow",
            f"{machine}OrderManagerStateMachine",
            "serverlesspresso-order-table",
            "serverlesspresso-config-table",
            "serverlesspresso-counting-table",
            Dialect(),
        )

    def test_every_part_can_be_named_by_a_setting(self, account):
        parts = discover(account, ServerlesspressoSettings())
        named = {part.field: getattr(parts, part.field) for part in PARTS}
        assert discover(account, ServerlesspressoSettings(**named)) == parts

    def test_all_that_is_missing_is_told_at_once_with_what_to_do(self, another_account):
        sentence = trouble_of(another_account())
        assert sentence.startswith("The café is not complete in http://127.0.0.1:")
        for part in PARTS:
            assert (
                f'No {part.what} was found: no name contains "{part.fragment}". '
                f"Deploy it, or name it with -D {part.setting}=…."
            ) in sentence

    @pytest.mark.parametrize("part", PARTS, ids=lambda part: part.setting)
    def test_part_that_is_named_wrongly_is_told_alone(self, account, part):
        assert trouble_of(account, ServerlesspressoSettings(**{part.field: "nowhere"})) == (
            f"The café is not complete in {account.endpoint}:\n"
            f'- There is no {part.what} called "nowhere" (setting {part.setting}).'
        )

    def test_parts_with_prefix_and_suffix_are_found(self, half_a_cafe):
        parts = discover(half_a_cafe("config", "menu"), ServerlesspressoSettings())
        assert parts.order_manager.endswith("02OrderManagerStateMachine-AbC123")
        assert parts.order_processor.endswith("01OrderProcessorWorkflow-xYz789")

    @pytest.mark.parametrize(
        ("keys", "shop_id"),
        [
            (("config", "menu"), ""),
            (("config-ABC", "menu-ABC"), "ABC"),
            (("config-A-1", "menu-A-1"), "A-1"),
            (("config", "menu", "config-ABC", "menu-ABC"), ""),
        ],
        ids=["no shop id", "one shop id", "shop id with a dash", "the shop itself and another one"],
    )
    def test_shop_id_is_found(self, half_a_cafe, keys, shop_id):
        dialect = discover(half_a_cafe(*keys), ServerlesspressoSettings()).dialect
        suffix = f"-{shop_id}" if shop_id else ""
        assert (dialect.shop_id, dialect.settings_key, dialect.menu_key, dialect.menu_attribute) == (
            shop_id,
            f"config{suffix}",
            f"menu{suffix}",
            "value",
        )

    @pytest.mark.parametrize("shop_id", ["ABC", ""])
    def test_menu_is_found_within_the_settings(self, half_a_cafe, shop_id):
        key = f"config-{shop_id}" if shop_id else "config"
        dialect = discover(half_a_cafe(key, menu_in_settings=True), ServerlesspressoSettings()).dialect
        assert (dialect.shop_id, dialect.settings_key, dialect.menu_key, dialect.menu_attribute) == (
            shop_id,
            key,
            key,
            "menu",
        )

    def test_profile_has_the_last_word(self, half_a_cafe):
        account = half_a_cafe("config-ABC", "menu-ABC", "config-DEF", "menu-DEF", menu_in_settings=True)
        said = Dialect(shop_id="DEF", menu_key="config-DEF", menu_attribute="menu", scan_fields={"shop": "DEF"})
        dialect = discover(account, ServerlesspressoSettings(), said).dialect
        assert dialect == said.model_copy(
            update={"settings_key": "config-DEF", "action_fields": {"eventId": "DEF"}, "query": {"eventId": "DEF"}}
        )

    def test_menu_that_is_not_where_the_profile_says_is_told(self, half_a_cafe):
        with pytest.raises(Trouble, match="“drinks” of item PK=menu"):
            discover(half_a_cafe("config", "menu"), ServerlesspressoSettings(), Dialect(menu_attribute="drinks"))

    def test_shop_is_chosen_by_the_setting(self, half_a_cafe):
        account = half_a_cafe("config-ABC", "menu-ABC", "config-DEF", "menu-DEF")
        assert discover(account, ServerlesspressoSettings(shop_id="DEF")).dialect.shop_id == "DEF"

    def test_several_shops_are_told_with_what_to_do(self, half_a_cafe):
        assert trouble_of(half_a_cafe("config-DEF", "menu-DEF", "config-ABC", "menu-ABC")) == (
            "The shop's settings are there for several shops (ABC, DEF). Choose one with -D serverlesspresso_shop_id=…."
        )

    @pytest.mark.parametrize(
        ("keys", "key", "attribute"),
        [((), "config", "menu"), (("config",), "config", "menu"), (("menu",), "menu", "value")],
        ids=["nothing", "no menu", "no settings"],
    )
    def test_shop_without_settings_or_menu_is_told_with_what_to_do(self, half_a_cafe, keys, key, attribute):
        assert trouble_of(half_a_cafe(*keys)) == (
            "The table serverlesspresso-config-table lacks the shop's settings or its menu (item PK=config, and the "
            f"list “{attribute}” of item PK={key}). Load them as the shop's installation describes, "
            "or say in the profile where they are (dialect)."
        )

    @pytest.mark.parametrize(
        ("keys", "shop_id"),
        [(("config-ABC",), ""), (("config-ABC",), "ABC"), (("config-ABC", "menu-ABC"), "XYZ")],
        ids=["found without menu", "chosen without menu", "chosen wrongly"],
    )
    def test_shop_with_an_id_lacks_no_part_either(self, half_a_cafe, keys, shop_id):
        assert "shop" in trouble_of(half_a_cafe(*keys), ServerlesspressoSettings(shop_id=shop_id))

    def test_table_with_other_keys_is_told_with_a_sentence(self, half_a_cafe):
        account = half_a_cafe()
        account.dynamodb.create_table(
            TableName="odd-table",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        account.dynamodb.put_item(TableName="odd-table", Item={"id": {"S": "config"}})
        assert "odd-table lacks the shop's settings" in trouble_of(
            account, ServerlesspressoSettings(config_table="odd-table")
        )


@pytest.mark.cloud
class TestDiscoverFrontDoor:
    def test_is_found_and_asks_to_sign_in(self, account):
        parts = discover_front_door(account, ServerlesspressoSettings())
        answer = requests.get(f"{parts.url}/orders", headers={HEADER: SECRET}, timeout=5)
        assert answer.status_code == 401

    def test_its_client_belongs_to_the_shop(self, account):
        parts = discover_front_door(account, ServerlesspressoSettings())
        client = account.client("cognito-idp").describe_user_pool_client(
            UserPoolId=parts.user_pool, ClientId=parts.user_pool_client
        )
        assert SHOP in client["UserPoolClient"]["ClientName"]

    def test_is_at_the_stage_that_the_template_names(self, account):
        assert "/prod/" in discover_front_door(account, ServerlesspressoSettings()).url

    def test_address_of_the_setting_is_taken(self, account):
        assert discover_front_door(
            account, ServerlesspressoSettings(front_door_url="https://cafe.example/prod")
        ).url == ("https://cafe.example/prod")

    def test_client_of_the_setting_is_taken(self, account):
        client = discover_front_door(account, ServerlesspressoSettings()).user_pool_client
        assert (
            discover_front_door(account, ServerlesspressoSettings(user_pool_client=client)).user_pool_client == client
        )

    @pytest.mark.parametrize("url", ["", "https://cafe.example/prod"], ids=["no API", "nobody to sign in"])
    def test_is_none_where_there_is_none(self, another_account, url):
        assert discover_front_door(another_account(), ServerlesspressoSettings(front_door_url=url)) is None

    @pytest.mark.parametrize("name", ["bakery", "serverlesspresso-unfinished"], ids=["another's", "without a stage"])
    def test_api_that_cannot_serve_the_shop_is_none(self, another_account, name):
        account = another_account()
        account.client("apigateway").create_rest_api(name=name)
        assert discover_front_door(account, ServerlesspressoSettings()) is None

    @pytest.fixture
    def shop_with_apis(self, another_account):
        """An account with a pool to sign in at, and APIs: each has a name, paths, and the scopes of their methods."""

        def build(*apis):
            account = another_account()
            cognito, gateway = account.client("cognito-idp"), account.client("apigateway")
            pool = cognito.create_user_pool(PoolName="serverlesspresso")["UserPool"]["Id"]
            cognito.create_user_pool_client(UserPoolId=pool, ClientName="app")
            for name, paths, scopes in apis:
                api = gateway.create_rest_api(name=name)["id"]
                for path in paths:
                    parent = gateway.get_resources(restApiId=api)["items"][0]["id"]
                    for part in path.strip("/").split("/"):
                        parent = gateway.create_resource(restApiId=api, parentId=parent, pathPart=part)["id"]
                    gateway.put_method(
                        restApiId=api,
                        resourceId=parent,
                        httpMethod="PUT",
                        authorizationType="NONE",
                        authorizationScopes=list(scopes),
                    )
                    gateway.put_integration(restApiId=api, resourceId=parent, httpMethod="PUT", type="MOCK")
                deployment = gateway.create_deployment(restApiId=api)["id"]
                gateway.create_stage(restApiId=api, stageName=name[-5:].lower(), deploymentId=deployment)
            return account

        return build

    VALIDATOR = ("ServerlesspressoValidator", ["/qr-code"], ("aws.cognito.signin.user.admin",))
    CONFIG = ("ServerlesspressoConfigs", ["/config/{id}"], ())
    ORDERS = ("ServerlesspressoManager", ["/orders/{id}"], ("openid", "aws.cognito.signin.user.admin"))
    PLAIN = ("my-serverlesspresso-plain", ["/orders/{orderId}"], ())

    @pytest.mark.parametrize(
        ("apis", "stage", "wants"),
        [
            ((VALIDATOR, CONFIG, ORDERS), "nager", "access"),
            ((VALIDATOR, PLAIN), "plain", "id"),
            ((PLAIN,), "plain", "id"),
        ],
        ids=["with scopes", "without", "alone"],
    )
    def test_api_is_the_one_that_serves_orders(self, shop_with_apis, apis, stage, wants):
        parts = discover_front_door(shop_with_apis(*apis), ServerlesspressoSettings())
        assert f"/{stage}/" in parts.url
        assert parts.wants == wants

    def test_api_that_serves_no_orders_is_none(self, shop_with_apis):
        account = shop_with_apis(self.VALIDATOR, self.CONFIG)
        assert discover_front_door(account, ServerlesspressoSettings()) is None

    def test_several_that_serve_orders_are_told_with_what_to_do(self, shop_with_apis):
        account = shop_with_apis(self.VALIDATOR, self.ORDERS, self.PLAIN)
        ids = {api.name: api.id for api in rest_apis.rest_apis(account)}
        with pytest.raises(Trouble) as trouble:
            discover_front_door(account, ServerlesspressoSettings())
        assert str(trouble.value) == (
            f"More than one HTTP API could be the shop's (ServerlesspressoManager ({ids['ServerlesspressoManager']}), "
            f"my-serverlesspresso-plain ({ids['my-serverlesspresso-plain']})). "
            "Choose one with -D serverlesspresso_front_door_url=…, its address with its stage."
        )
        url = f"{account.endpoint}/restapis/{ids['ServerlesspressoManager']}/nager/_user_request_"
        parts = discover_front_door(account, ServerlesspressoSettings(front_door_url=url))
        assert (parts.url, parts.wants) == (url, "access")

    def test_where_nobody_may_look_the_only_one_is_taken(self, shop_with_apis, monkeypatch):
        def deny(account, api):
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetResources")

        monkeypatch.setattr(cafe_parts, "resources", deny)
        parts = discover_front_door(shop_with_apis(self.ORDERS), ServerlesspressoSettings())
        assert ("/nager/" in parts.url, parts.wants) == (True, "id")
        with pytest.raises(Trouble, match="More than one HTTP API could be the shop's"):
            discover_front_door(shop_with_apis(self.ORDERS, self.VALIDATOR), ServerlesspressoSettings())

    @pytest.mark.parametrize(
        ("endpoint", "address"),
        [
            ("https://apigateway.eu-west-1.amazonaws.com", "https://abc.execute-api.eu-west-1.amazonaws.com/prod"),
            ("http://127.0.0.1:4566/", "http://127.0.0.1:4566/restapis/abc/prod/_user_request_"),
        ],
        ids=["AWS", "emulator"],
    )
    def test_address_is_built_as_the_endpoint_has_it(self, endpoint, address):
        assert rest_apis.address(endpoint, "abc", "prod", "eu-west-1") == address
