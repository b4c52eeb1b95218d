// Turns the slides by the clock, says which one is seen in an attribute of the page, and leaves by Esc.

const opened = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  opened.get(parentElement)?.()
  const root = document.documentElement
  const turn = () => {
    const slide = data.count ? Math.floor(Date.now() / 1000 / data.seconds) % data.count : 0
    if (root.dataset.slide !== String(slide + 1)) root.dataset.slide = String(slide + 1)
  }
  const leave = () => {
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {})
    setTriggerValue("leave", Date.now())
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
  document.addEventListener("keydown", pressed)
  document.addEventListener("fullscreenchange", changed)
  const stop = () => {
    clearInterval(tick)
    delete root.dataset.slide
    document.removeEventListener("click", clicked, true)
    document.removeEventListener("keydown", pressed)
    document.removeEventListener("fullscreenchange", changed)
  }
  opened.set(parentElement, stop)
  return stop
}
