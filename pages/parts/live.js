// Holds the websocket to /live, counts the age of what is shown, and asks for a rerun when a new edition is out or
// something happened to alerts.

const READING = ".hf-pop:popover-open, [data-testid=stDialog], [role=listbox]"
const SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
const LATE = 180, RETRY = 1000, ANSWERED = 300 // until what a reader did is under way
const AGAIN = 5000 // until what was asked counts as lost
const GONE = 4401 // whoever reads this may no longer: the door says why
const MOMENT = 1000, LEAVING = 20000 // until a page is on its way elsewhere; how long such a way may take
const opened = new WeakMap()
const idle = window.requestIdleCallback ?? setTimeout
let left = -Infinity, acted = -Infinity

addEventListener("beforeunload", () => { left = Date.now() })
for (const name of ["click", "keydown"]) addEventListener(name, () => {
  acted = Date.now()
  delete document.documentElement.dataset.byItself
}, true)

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const line = opened.get(parentElement) ?? open(parentElement)
  Object.assign(line, { data, skew: data.now - Date.now(), alive: data.engine.alive,
    backlog: data.engine.backlog })
  line.ask = (edition) => setTriggerValue("edition", edition)
  // The page may know an edition before this line hears of it; names grow.
  if (line.newest === null || data.edition > line.newest) line.newest = data.edition
  describe(line)
  draw(line)
  return () => close(line)
}

function open(root) {
  const line = { root, newest: null, alarms: null, asked: null, askedAt: 0, connected: true, closed: false }
  line.date = (event) => dates(line, event.target)
  addEventListener("beforetoggle", line.date, true)
  opened.set(root, line)
  connect(line)
  line.tick = setInterval(() => { draw(line); follow(line) }, 100)
  return line
}

function close(line) {
  line.closed = true
  removeEventListener("beforetoggle", line.date, true)
  clearInterval(line.tick)
  clearTimeout(line.retry)
  line.socket?.close()
  opened.delete(line.root)
}

function connect(line) {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:"
  const socket = new WebSocket(`${scheme}//${location.host}/live`)
  line.socket = socket
  socket.onopen = () => { line.connected = true }
  socket.onmessage = (event) => {
    const news = JSON.parse(event.data)
    line.alive = news.alive
    line.backlog = news.backlog
    line.newest = news.edition
    line.alarms = news.alarms
    follow(line) // at once: the server gives each page its turn
  }
  socket.onclose = (event) => {
    if (line.closed) return
    if (event.code === GONE) askAtTheDoor(line)
    else if (!line.connected) leaveIfRefused(line)
    line.connected = false
    line.retry = setTimeout(() => connect(line), RETRY + Math.random() * RETRY)
  }
}

// A server that does not let this page in any more says so when asked by HTTP; the door then says why.
async function leaveIfRefused(line) {
  const answer = await fetch("/live").catch(() => null)
  if (answer?.status === 403) askAtTheDoor(line)
}

// Who signs out is on the way to the identity provider, and must not be called back from it.
function askAtTheDoor(line, wait = MOMENT) {
  setTimeout(() => {
    const away = left + LEAVING - Date.now()
    if (line.closed) return
    if (away > 0) askAtTheDoor(line, away)
    else location.reload()
  }, wait)
}

// Whoever asks sends along what every field says, and a field says what the server made of it only once it is
// drawn: asked sooner, the server would take the old choice for a new one of the reader's. So the page asks when
// it has nothing else to do.
function follow(line) {
  if (line.resting || !heard(line)) return
  line.resting = true
  idle(() => {
    line.resting = false
    const news = heard(line)
    if (!news || line.closed) return
    Object.assign(line, { asked: news, askedAt: Date.now() })
    document.documentElement.dataset.byItself = "" // what stands is no older than a moment: it is not dimmed
    line.ask(news)
  })
}

// What is new, if it may be shown now: it waits while somebody reads an explanation, fills in a dialog or is being
// answered, and while nobody looks at the page.
function heard(line) {
  if (!line.data || (line.newest === line.data.edition && !(line.alarms > line.data.alarms))) return null
  const news = `${line.newest} ${line.alarms}`
  if (news === line.asked && Date.now() - line.askedAt < AGAIN) return null // this component draws in between
  if (document.hidden || Date.now() - acted < ANSWERED) return null
  return document.querySelector(SETTLED) && !document.querySelector(READING) ? news : null
}

function since(line, instant) {
  return Math.max(0, (Date.now() + line.skew - instant) / 1000)
}

function behind(line, seconds) {
  const { units: [second, minute, hour, days], decimal } = line.data.said
  if (seconds < 10) return `${seconds.toFixed(1).replace(".", decimal)} ${second}`
  if (seconds < 120) return `${Math.floor(seconds)} ${second}`
  if (seconds < 7200) return `${Math.floor(seconds / 60)} ${minute}`
  return seconds < 172800 ? `${Math.floor(seconds / 3600)} ${hour}` : `${Math.floor(seconds / 86400)} ${days}`
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name])
}

function waiting(line) {
  const { count, oldest } = line.backlog
  const { said } = line.data
  const written = count.toLocaleString(said.language === "en" ? "en-US" : said.language)
  return filled(count === 1 ? said.one : said.many, { count: written, span: behind(line, since(line, oldest)) })
}

function state(line, seconds) {
  const { said, late } = line.data
  if (!line.connected) return ["down", said.away]
  if (!line.alive) return ["down", said.stopped]
  if (line.data.engine.error) return ["late", said.fault]
  if (line.backlog) return ["late", said.behind]
  if (late.length) return ["late", late.length > 1 ? said.sources : late[0].split(":")[0]]
  if (seconds > Math.max(LATE, line.data.engine.seconds * 8)) return ["late", said.late]
  return ["live", ""]
}

function draw(line) {
  if (!line.data) return
  const seconds = line.data.as_of === null ? 0 : since(line, line.data.as_of)
  const [name, word] = state(line, seconds)
  const when = seconds > 72000 ? line.data.day : line.data.clock
  const as_of = line.data.as_of === null ? line.data.said.none
    : filled(line.data.said.as_of, { when, span: behind(line, seconds) })
  const text = line.connected && line.backlog ? `${as_of} · ${waiting(line)}` : as_of
  put(line.root, ".word", word)
  put(line.root, ".text", text)
  const button = line.root.querySelector("button")
  if (button.dataset.state !== name) button.dataset.state = name
  if (document.documentElement.dataset.live !== name) document.documentElement.dataset.live = name
}

function put(root, selector, text) {
  const place = root.querySelector(selector)
  if (place.textContent !== text) place.textContent = text
}

function describe(line) {
  const list = line.root.querySelector("dl")
  list.replaceChildren(...line.data.facts.flatMap(([name, text]) => {
    const term = document.createElement("dt"), said = document.createElement("dd")
    term.textContent = name
    said.textContent = text
    return [term, said]
  }))
  put(line.root, ".todo", line.data.todo)
  put(line.root, "h2", line.data.said.title)
  line.root.querySelector("button").ariaLabel = line.data.said.title
  const { language } = line.data.said
  if (document.documentElement.lang !== language) document.documentElement.lang = language
  dates(line, document.querySelector(".hf-pop:popover-open") ?? line.root) // it was opened before this line was there
}

// A pop-up says of which instant its figures are, once it is opened: no redraw comes while it is.
function dates(line, popUp) {
  for (const place of popUp.querySelectorAll(".hf-as-of")) place.textContent = line.data?.moment ?? ""
}
