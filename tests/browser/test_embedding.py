"""The widget on somebody else's page: one script tag, the page left as it is."""

from playwright.sync_api import Browser, Response, expect

from scripts.assistant import Assistant
from tests.browser.conftest import Chat, OtherSite

PAGE = """<!doctype html>
<html lang="en"><head><title>Running club</title><link rel="stylesheet" href="page.css">{script}</head>
<body><main><h1>Running club</h1><p class="panel">A paragraph.</p><button class="launcher">Join</button>
<dialog open class="log">Old dialog</dialog><textarea class="composer">text</textarea></main></body></html>"""
CSS = """* { letter-spacing: 0.2em; } button { background: red; font-size: 40px; } div { border: 9px solid lime; }
.panel { color: blue; } .launcher { position: static; } body { margin: 7px; } p { margin: 50px !important; }"""
STYLES = """() => [...document.querySelectorAll('html, body, main, main *')].map(part => {
    const style = getComputedStyle(part);
    const values = Object.fromEntries([...style].map(name => [name, style.getPropertyValue(name)]));
    return {tag: part.tagName, box: part.getBoundingClientRect().toJSON(), values};
})"""


def page(site: Assistant, other: OtherSite, name: str, attributes: str = "", policy: bool = True) -> str:
    """Puts a page with the widget on the other site and returns its address."""
    (other.folder / "page.css").write_text(CSS)
    socket = site.url.replace("http", "ws")
    (other.folder / "policy").write_text(
        f"default-src 'none'; style-src 'self'; script-src {site.url}; connect-src {socket}; img-src {site.url}; "
        "require-trusted-types-for 'script'"
    )
    return other.put(name, PAGE.format(script=f'<script src="{site.url}/widget.js" defer {attributes}></script>'))


def test_embedded_on_another_site_under_a_strict_policy(chat: Chat, site: Assistant, other_site: OtherSite) -> None:
    address = page(site, other_site, "embedded.html")
    chat.page.goto(other_site.put("plain.html", PAGE.format(script="")))
    plain = chat.page.evaluate(STYLES)
    chat.page.goto(address)
    launcher = chat.page.get_by_role("button", name="Chat about tight hamstrings")
    expect(launcher).to_be_visible()
    assert chat.page.evaluate(STYLES) == plain
    chat.picture("embedded-closed")
    launcher.click()
    chat.say("why are my hamstrings tight?")
    expect(chat.answers.last).to_contain_text("One of five causes is far likelier")
    assert chat.page.evaluate(STYLES) == plain
    chat.picture("embedded-open")
    # What the page says about buttons and boxes does not reach the chat.
    send = chat.page.get_by_role("button", name="Send")
    assert send.evaluate("button => getComputedStyle(button).fontSize") == "16px"
    assert chat.panel.evaluate("panel => getComputedStyle(panel).letterSpacing") == "normal"
    chat.page.reload()
    expect(chat.mine).to_have_count(1)


def test_attributes_set_title_colours_theme_language_and_state(
    chat: Chat, site: Assistant, other_site: OtherSite
) -> None:
    attributes = (
        'data-heading="Coach" data-accent="#7a1fa2" data-on-accent="#ffffff" data-theme="dark" data-open data-lang="de"'
    )
    chat.page.goto(page(site, other_site, "attributes.html", attributes))
    expect(chat.panel.get_by_role("heading", name="Coach")).to_be_visible()
    expect(chat.page.get_by_role("button", name="Senden")).to_be_visible()
    header = chat.panel.locator(".header")
    assert header.evaluate("bar => getComputedStyle(bar).backgroundColor") == "rgb(122, 31, 162)"
    assert chat.panel.evaluate("panel => getComputedStyle(panel).backgroundColor") == "rgb(21, 26, 25)"
    chat.picture("attributes")


def test_css_variables_of_the_page_set_colours(chat: Chat, site: Assistant, other_site: OtherSite) -> None:
    address = page(site, other_site, "variables.html", "data-open")
    (other_site.folder / "page.css").write_text("hamstring-chat { --hamstring-background: rgb(255, 250, 230); }")
    chat.page.goto(address)
    expect(chat.panel).to_have_css("background-color", "rgb(255, 250, 230)")


def test_a_site_that_is_not_allowed_gets_no_connection(chat: Chat, site: Assistant, other_site: OtherSite) -> None:
    address = page(site, other_site, "stranger.html", "data-open").replace("localhost", "127.0.0.1")
    chat.page.goto(address)
    expect(chat.state).to_have_text("Connecting …")
    # The advice that matters is there all the same.
    expect(chat.page.locator(".footer")).to_contain_text("get help now")
    chat.input.fill("hello")
    chat.input.press("Enter")
    expect(chat.mine.last.locator(".note")).to_have_text("Waiting for a connection")


def test_a_page_loads_a_small_launcher_and_the_chat_once_it_is_wanted(chat: Chat) -> None:
    loaded: dict[str, Response] = {}
    chat.page.on("response", lambda response: loaded.update({response.url.rsplit("/", 1)[-1].split("-")[0]: response}))
    chat.page.add_init_script("delete window.requestIdleCallback; window.setTimeout = () => 0")  # never idle
    chat.go("/embed-demo")
    launcher = chat.page.locator("button.launcher")
    expect(launcher).to_be_visible()
    assert int(loaded["widget.js"].header_value("content-length") or 0) <= 10_000
    assert "chat" not in loaded
    launcher.click()
    expect(chat.input).to_be_focused()
    assert "immutable" in (loaded["chat"].header_value("cache-control") or "")
    assert "player" not in loaded


def test_the_chat_says_when_it_cannot_be_loaded(chat: Chat) -> None:
    chat.page.route("**/assets/chat-*", lambda route: route.abort())
    chat.go("/embed-demo")
    launcher = chat.page.locator("button.launcher")
    launcher.click()
    expect(chat.page.locator(".failed")).to_contain_text("could not be loaded")
    expect(launcher).to_be_visible()


def test_a_page_that_takes_keys_gets_none_of_the_chat(chat: Chat, site: Assistant, other_site: OtherSite) -> None:
    chat.page.goto(page(site, other_site, "shortcuts.html"))
    chat.page.evaluate("""() => document.addEventListener("keydown", event => {
        if (event.target.localName === "textarea") return;
        event.preventDefault();
        window.taken = (window.taken || "") + event.key;
    })""")
    chat.page.get_by_role("button", name="Chat about tight hamstrings").click()
    chat.input.press_sequentially("stretches for runners?")
    expect(chat.input).to_have_value("stretches for runners?")
    chat.page.keyboard.press("Escape")
    expect(chat.panel).to_have_count(0)
    assert chat.page.evaluate("window.taken") in (None, "Escape")


SCRIPT = '<script src="{url}/widget.js"></script>'


def test_the_tag_twice_and_a_swapped_body(chat: Chat, site: Assistant, other_site: OtherSite) -> None:
    page(site, other_site, "policy.html")
    tag = SCRIPT.format(url=site.url)
    chat.page.goto(other_site.put("twice.html", f"<!doctype html><title>Club</title><body><p>One</p>{tag}{tag}</body>"))
    chat.page.locator("button.launcher").click()
    chat.say("what are the hamstrings?")
    # As Turbo does it: a new body, whose scripts run again.
    chat.page.evaluate(
        """url => {
        const body = document.createElement("body");
        const script = document.createElement("script");
        script.src = window.trustedTypes
            ? trustedTypes.createPolicy("page", {createScriptURL: url => url}).createScriptURL(url) : url;
        body.append("Two", script);
        document.body.replaceWith(body);
    }""",
        f"{site.url}/widget.js",
    )
    expect(chat.page.locator("hamstring-chat")).to_have_count(1)
    expect(chat.mine).to_have_count(1)
    chat.say("why are they tight?")


def test_the_tag_as_a_module(chat: Chat, site: Assistant, other_site: OtherSite) -> None:
    chat.page.goto(page(site, other_site, "module.html", 'type="module" data-open'))
    chat.say("what are the hamstrings?")


def test_an_open_panel_stays_open_over_a_reload(chat: Chat) -> None:
    chat.go("/embed-demo")
    chat.page.locator("button.launcher").click()
    expect(chat.panel).to_be_visible()
    chat.page.reload()
    expect(chat.panel).to_be_visible()
    chat.page.get_by_role("button", name="Close chat").click()
    chat.page.reload()
    expect(chat.page.locator("button.launcher")).to_be_visible()
    expect(chat.panel).to_have_count(0)


def test_the_embed_demo(chat: Chat) -> None:
    chat.go("/embed-demo")
    chat.accessible()
    sockets: list[str] = []
    chat.page.on("websocket", lambda socket: sockets.append(socket.url))
    launcher = chat.page.get_by_role("button", name="Chat about tight hamstrings")
    expect(launcher).to_be_visible()
    assert sockets == []  # a page that is only read costs no connection
    launcher.click()
    expect(chat.page.locator(".welcome")).to_be_visible()
    expect(chat.state).to_have_count(0)
    chat.picture("embed-demo")
    chat.accessible()


def test_keyboard_only(chat: Chat) -> None:
    chat.go("/embed-demo")
    keyboard = chat.page.keyboard
    launcher = chat.page.get_by_role("button", name="Chat about tight hamstrings")
    expect(launcher).to_be_visible()
    chat.page.get_by_role("button", name="A button of this page").focus()
    keyboard.press("Tab")
    expect(launcher).to_be_focused()
    keyboard.press("Enter")
    expect(chat.input).to_be_focused()
    keyboard.type("what are the hamstrings?")
    keyboard.press("Shift+Enter")
    keyboard.type("and why are they tight?")
    assert chat.input.input_value() == "what are the hamstrings?\nand why are they tight?"
    keyboard.press("Control+a")
    keyboard.type("what are the hamstrings?")
    keyboard.press("Enter")
    chat.answered(1)
    expect(chat.input).to_be_focused()
    # Back to the buttons of the answer, and press one.
    keyboard.press("Shift+Tab")
    last = chat.page.locator(".choices button:enabled").last
    expect(last).to_be_focused()
    keyboard.press("Enter")
    chat.answered(2)
    expect(chat.input).to_be_focused()
    # The log itself can be focused, and so scrolled.
    chat.log.focus()
    keyboard.press("Home")
    expect(chat.mine.first).to_be_in_viewport()
    # The menu: Esc closes it first, then the chat; the focus returns each time.
    summary = chat.menu
    summary.focus()
    keyboard.press("Enter")
    expect(chat.page.get_by_role("button", name="Start over")).to_be_visible()
    keyboard.press("Tab")
    keyboard.press("Tab")
    expect(chat.page.get_by_role("button", name="Delete my conversation")).to_be_focused()
    keyboard.press("Enter")
    dialog = chat.page.get_by_role("dialog", name="Delete my conversation")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(chat.input).to_be_focused()
    expect(chat.mine).to_have_count(2)
    summary.focus()
    keyboard.press("Enter")
    expect(chat.page.get_by_role("button", name="Start over")).to_be_visible()
    keyboard.press("Escape")
    expect(chat.page.get_by_role("button", name="Start over")).to_be_hidden()
    expect(summary).to_be_focused()
    keyboard.press("Escape")
    expect(chat.panel).to_have_count(0)
    expect(launcher).to_be_focused()
    keyboard.press("Enter")
    expect(chat.mine).to_have_count(2)


def overflow(chat: Chat) -> list[str]:
    """Returns what sticks out of the window to the right."""
    return chat.page.evaluate("""() => {
        const out = [];
        const look = root => root.querySelectorAll('*').forEach(element => {
            const box = element.getBoundingClientRect();
            const hidden = element.closest('.hidden') || getComputedStyle(element).visibility === 'hidden';
            if (box.width && !hidden && box.right > innerWidth + 1) out.push(element.tagName + '.' + element.className);
            if (element.shadowRoot) look(element.shadowRoot);
        });
        look(document);
        return out;
    }""")


def visit(chat: Chat, name: str) -> None:
    """Walks through an answer, a card and an alert, and checks that all of it fits."""
    chat.say("how do I do the seated hamstring stretch?")
    expect(chat.page.locator("hamstring-exercise")).to_be_visible()
    assert overflow(chat) == []
    chat.picture(f"{name}-card")
    chat.say("my toes are tingling")
    expect(chat.alert).to_be_in_viewport()
    for part in (chat.input, chat.page.get_by_role("button", name="Send"), chat.page.locator(".footer")):
        expect(part).to_be_in_viewport()
    assert overflow(chat) == []
    chat.picture(f"{name}-alert")
    chat.accessible()


def test_320_pixels_wide(chat: Chat) -> None:
    chat.page.set_viewport_size({"width": 320, "height": 568})
    visit(chat.go(), "320")
    chat.go("/embed-demo")
    expect(chat.page.get_by_role("button", name="Chat about tight hamstrings")).to_be_in_viewport(ratio=1)
    assert overflow(chat) == []
    chat.page.get_by_role("button", name="Chat about tight hamstrings").click()
    expect(chat.alert).to_be_in_viewport()
    assert overflow(chat) == []
    chat.picture("320-embedded")


def test_zoom_of_200_percent(chromium: Browser, site: Assistant) -> None:
    # What a browser does to a window of 1280 by 720: half as many pixels, each twice as large.
    context = chromium.new_context(viewport={"width": 640, "height": 360}, device_scale_factor=2)
    visit(Chat(context.new_page(), site).go(), "zoom-200")
    context.close()


def test_a_large_screen(chat: Chat) -> None:
    chat.page.set_viewport_size({"width": 2560, "height": 1440})
    visit(chat.go(), "large")
    box = chat.alert.bounding_box()
    assert box and box["width"] < 800  # lines stay readable


def test_dark_mode(chat: Chat) -> None:
    chat.page.emulate_media(color_scheme="dark")
    chat.go()
    expect(chat.panel).to_have_css("background-color", "rgb(21, 26, 25)")
    chat.press("Why am I so tight?")
    chat.accessible()
    visit(chat, "dark")
    chat.say("I can't feel when I need to pee")
    chat.picture("dark-emergency")
    chat.accessible()
    chat.page.emulate_media(color_scheme="light")
    expect(chat.panel).to_have_css("background-color", "rgb(255, 255, 255)")


def test_more_contrast_and_forced_colours(chat: Chat) -> None:
    chat.page.emulate_media(forced_colors="active")
    visit(chat.go(), "forced-colours")
