const known = new WeakMap()
const WAIT = 160

function address(id) {
  return `account?id=${encodeURIComponent(id)}`
}

function option(hit, place) {
  const item = document.createElement("li")
  item.role = "option"
  item.id = `hf-hit-${place}`
  item.setAttribute("aria-selected", "false")
  const shown = document.createElement("div")
  const parts = [["span", hit.name], ["span", hit.pays], ["small", hit.about]]
  for (const [tag, text] of parts) {
    const part = document.createElement(tag)
    part.textContent = text
    shown.append(part)
  }
  item.append(shown)
  return item
}

function begin(parentElement) {
  const input = parentElement.querySelector("input")
  const list = parentElement.querySelector("ul")
  const state = { input, list, said: parentElement.querySelector("p"), at: -1, tell: () => {}, hits: [] }
  let timer = 0
  const choose = (at) => {
    state.at = at
    for (const [place, item] of [...list.children].entries())
      item.setAttribute("aria-selected", String(place === at))
    if (at >= 0) input.setAttribute("aria-activedescendant", `hf-hit-${at}`)
    else input.removeAttribute("aria-activedescendant")
  }
  state.choose = choose
  const pick = (id) => {
    input.value = ""
    input.blur()
    state.show([], "")
    state.tell("picked", id)
  }
  state.show = (hits, said) => {
    state.hits = hits
    list.replaceChildren(...hits.map(option))
    state.said.textContent = said
    input.setAttribute("aria-expanded", String(hits.length > 0))
    choose(-1)
  }
  const ask = () => {
    clearTimeout(timer)
    state.tell("asked", input.value)
  }
  input.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(ask, WAIT)
  })
  input.addEventListener("keydown", (event) => {
    const count = state.hits.length
    if (event.key === "ArrowDown" && count) choose((state.at + 1) % count)
    else if (event.key === "ArrowUp" && count) choose((state.at - 1 + count) % count)
    else if (event.key === "Enter" && count) pick(state.hits[Math.max(0, state.at)].id)
    else if (event.key === "Enter") ask()
    else if (event.key === "Escape") {
      input.value = ""
      state.show([], "")
      ask()
    } else return
    event.preventDefault()
  })
  list.addEventListener("click", (event) => {
    const item = event.target.closest("li")
    if (!item) return
    const { id } = state.hits[[...list.children].indexOf(item)]
    if (event.ctrlKey || event.metaKey || event.shiftKey) open(address(id), "_blank")
    else pick(id)
  })
  state.onKey = (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]")
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    input.focus()
  }
  // Names of accounts anywhere on the page lead on without loading it afresh; in a new tab they are links.
  state.onClick = (event) => {
    const link = event.target.closest?.('a[href*="account?id="]')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
    const to = new URL(link.href)
    const id = to.searchParams.get("id")
    if (!id || to.origin !== location.origin || !to.pathname.endsWith("/account")) return
    event.preventDefault()
    state.tell("picked", id)
  }
  document.addEventListener("keydown", state.onKey)
  document.addEventListener("click", state.onClick)
  return state
}

export default function ({ data, parentElement, setTriggerValue }) {
  const state = known.get(parentElement) ?? begin(parentElement)
  known.set(parentElement, state)
  state.tell = setTriggerValue
  state.input.ariaLabel = data.names.search
  state.input.placeholder = data.names.hint
  state.list.ariaLabel = data.names.found
  if (data.text === state.input.value || document.activeElement !== state.input) state.show(data.hits, data.said)
  return () => {
    document.removeEventListener("keydown", state.onKey)
    document.removeEventListener("click", state.onClick)
    known.delete(parentElement)
  }
}
