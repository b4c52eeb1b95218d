// Turns the slides by the clock, says which one is seen in an attribute of the page, and leaves by Esc.

// Milliseconds until the page, should it not have heard, is asked to leave once more; twice as long each time,
// for asking breaks off what it is drawing.
const AGAIN = 4000
const opened = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  const before = opened.get(parentElement)
  before?.stop()
  const root = document.documentElement
  const turn = () => {
    const slide = data.count ? Math.floor(Date.now() / 1000 / data.seconds) % data.count : 0
    if (root.dataset.slide !== String(slide + 1)) root.dataset.slide = String(slide + 1)
  }
  const here = { isLeaving: data.count > 0 && (before?.isLeaving ?? false) } // without slides it has left
  const ask = (patience) => {
    setTriggerValue("leave", Date.now())
    here.asking = setTimeout(ask, patience, 2 * patience)
  }
  const leave = () => {
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {})
    if (!data.count) return // it has left
    clearTimeout(here.asking)
    here.isLeaving = true
    ask(AGAIN)
  }
  const pressed = (event) => { if (event.key === "Escape") leave() }
  let wasFull = Boolean(document.fullscreenElement)
  const changed = () => {
    if (wasFull && !document.fullscreenElement) leave()
    wasFull = Boolean(document.fullscreenElement)
  }
  // Only a click may ask for the full screen.
  const clicked = (event) => {
    if (event.target.closest?.(".st-key-wall_start")) root.requestFullscreen?.().catch(() => {})
  }
  document.addEventListener("click", clicked, true)
  turn()
  const tick = setInterval(turn, 250)
  if (here.isLeaving) here.asking = setTimeout(ask, AGAIN, 2 * AGAIN)
  document.addEventListener("keydown", pressed)
  document.addEventListener("fullscreenchange", changed)
  here.stop = () => {
    clearInterval(tick)
    clearTimeout(here.asking)
    delete root.dataset.slide
    document.removeEventListener("click", clicked, true)
    document.removeEventListener("keydown", pressed)
    document.removeEventListener("fullscreenchange", changed)
  }
  opened.set(parentElement, here)
  return () => { opened.delete(parentElement); here.stop() }
}
