// A slider that tells its value while it is dragged: the next once the page has drawn the last, and the one at
// which it is let go at once. When that is drawn too, it asks for the fields to follow.

const PATIENCE = 1500
const opened = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  const drag = opened.get(parentElement) ?? open(parentElement)
  Object.assign(drag, { data, tell: (value, number, isLetGo) => setTriggerValue("moved", { value, number, isLetGo }) })
  const input = drag.input
  input.min = data.least
  input.max = data.most
  input.step = data.step
  input.setAttribute("aria-label", data.label)
  drag.root.querySelector(".least").textContent = data.ends[0]
  drag.root.querySelector(".most").textContent = data.ends[1]
  drawn(drag)
  paint(drag)
  return () => close(drag)
}

function open(root) {
  const input = root.querySelector("input")
  const drag = { root, input, isHeld: false, isSettling: false, due: null, told: null, asked: null }
  drag.patience = PATIENCE
  opened.set(root, drag)
  input.addEventListener("pointerdown", () => { drag.isHeld = true })
  input.addEventListener("input", () => { moved(drag) })
  input.addEventListener("change", () => { letGo(drag) })
  drag.release = () => { drag.isHeld = false }
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

function moved(drag) {
  drag.due = Number(drag.input.value)
  paint(drag)
  if (drag.isHeld && !isWaiting(drag)) tell(drag) // a key tells once more, when it has moved it
}

function letGo(drag) {
  drag.isHeld = false
  drag.isSettling = true
  if (drag.due !== null) tell(drag)
  else if (!isWaiting(drag)) settle(drag)
}

// Whether the page has yet to draw what it was told.
function isWaiting(drag) {
  return drag.asked !== null
}

function tell(drag) {
  const value = drag.due ?? drag.told
  Object.assign(drag, { due: null, told: value, asked: next(drag.asked) })
  clearTimeout(drag.timer)
  drag.timer = setTimeout(() => { again(drag) }, drag.patience)
  drag.tell(value, drag.asked, false)
}

// Each time it is told with another number, which the page gives back: an older drawing is told from an answer.
function next(asked) {
  return Math.max(Date.now(), (asked ?? 0) + 1)
}

// The answer may be lost, or the page be slow: it is asked less and less often.
function again(drag) {
  drag.patience *= 2
  tell(drag)
}

function settle(drag) {
  drag.isSettling = false
  drag.tell(Number(drag.input.value), next(null), true)
}

// The page stands: with what it was told last, or with what somebody typed.
function drawn(drag) {
  if (isWaiting(drag) && drag.data.heard !== drag.asked) return
  clearTimeout(drag.timer)
  Object.assign(drag, { asked: null, patience: PATIENCE })
  if (drag.due !== null) { tell(drag); return }
  if (!drag.isHeld) drag.input.value = drag.data.value
  if (drag.isSettling) settle(drag)
}

function paint(drag) {
  const { least, most, sign, digits, marks } = drag.data
  const value = Number(drag.input.value)
  const share = most > least ? (value - least) / (most - least) : 0
  drag.root.querySelector(".drag").style.setProperty("--share", `${share * 100}%`)
  const text = value.toLocaleString("en-US", { maximumFractionDigits: digits }).replace(/[,.]/g, mark => marks[mark])
  drag.root.querySelector("output").textContent = text + sign
}
