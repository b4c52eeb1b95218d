// A slider that tells its value while it is dragged: the next only once the page has drawn the last.

const WAIT = 30, PATIENCE = 1500
const opened = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  const drag = opened.get(parentElement) ?? open(parentElement)
  Object.assign(drag, { data, tell: (value) => setTriggerValue("moved", value), busy: false })
  const input = drag.input
  input.min = data.least
  input.max = data.most
  input.step = data.step
  input.disabled = data.disabled
  input.setAttribute("aria-label", data.label)
  if (!drag.held && drag.due === null) input.value = data.value
  drag.root.querySelector(".least").textContent = data.ends[0]
  drag.root.querySelector(".most").textContent = data.ends[1]
  paint(drag)
  send(drag)
  return () => close(drag)
}

function open(root) {
  const input = root.querySelector("input")
  const drag = { root, input, held: false, due: null, busy: false }
  opened.set(root, drag)
  input.addEventListener("input", () => { drag.due = Number(input.value); paint(drag); send(drag) })
  input.addEventListener("change", () => { drag.busy = false; send(drag) })  // let go: that is what counts
  input.addEventListener("pointerdown", () => { drag.held = true })
  drag.release = () => { drag.held = false }
  window.addEventListener("pointerup", drag.release)
  window.addEventListener("pointercancel", drag.release)
  return drag
}

function close(drag) {
  clearTimeout(drag.timer)
  window.removeEventListener("pointerup", drag.release)
  window.removeEventListener("pointercancel", drag.release)
  opened.delete(drag.root)
}

function later(drag) {
  clearTimeout(drag.timer)
  drag.timer = setTimeout(() => send(drag), WAIT)
}

// While the page draws, what comes waits; should its answer get lost, it is told all the same.
function send(drag) {
  if (drag.due === null) return
  if (drag.busy && Date.now() - drag.told < PATIENCE) return later(drag)
  clearTimeout(drag.timer)
  drag.busy = true
  drag.told = Date.now()
  const value = drag.due
  drag.due = null
  drag.tell(value)
}

function paint(drag) {
  const { least, most, sign, digits } = drag.data
  const value = Number(drag.input.value)
  const share = most > least ? (value - least) / (most - least) : 0
  drag.root.querySelector(".drag").style.setProperty("--share", `${share * 100}%`)
  drag.root.querySelector("output").textContent =
    `${value.toLocaleString("en-US", { maximumFractionDigits: digits })}${sign ? "\u00a0" + sign : ""}`
}
