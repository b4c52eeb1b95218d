// Saves the page as a PNG, drawn in the browser by modern-screenshot (MIT, served from here), or prints it.

const PAGE = "[data-testid=stMainBlockContainer]"
const LEFT_OUT = ".st-key-away, [class*='st-key-bell_'], [data-testid=stElementToolbar]"
const SCRIPT = "app/static/modern-screenshot.js"
const bound = new WeakSet()
let library

export default function ({ data, parentElement }) {
  const root = parentElement
  root.holdfastTitle = data.file
  root.holdfastSaid = data.said
  const open = root.querySelector(".open")
  open.title = open.ariaLabel = data.said.open
  for (const way of ["png", "pdf"]) root.querySelector(`[data-way=${way}]`).textContent = data.said[way]
  if (bound.has(root)) return
  bound.add(root)
  root.querySelector("[data-way=png]").addEventListener("click", () => save(root))
  root.querySelector("[data-way=pdf]").addEventListener("click", () => {
    root.querySelector("[popover]").hidePopover()
    setTimeout(() => window.print(), 50)
  })
}

// The server calls scripts plain text, which browsers do not run by their address.
function loaded() {
  library ??= fetch(new URL(SCRIPT, document.baseURI)).then((answer) => {
    if (!answer.ok) throw new Error(`${answer.status}`)
    return answer.text()
  }).then((text) => new Promise((done, fail) => {
    const script = document.createElement("script")
    script.src = URL.createObjectURL(new Blob([text], { type: "text/javascript" }))
    script.onload = () => done(window.modernScreenshot)
    script.onerror = () => fail(new Error("blocked"))
    document.head.append(script)
  })).catch((fault) => { library = undefined; throw fault })
  return library
}

async function save(root) {
  const said = root.querySelector("p"), way = root.querySelector("[data-way=png]")
  way.disabled = true
  said.textContent = root.holdfastSaid.drawing
  try {
    download(await drawn(), `${name(root.holdfastTitle)}.png`)
    said.textContent = ""
    root.querySelector("[popover]").hidePopover()
  } catch (fault) {
    said.textContent = root.holdfastSaid.failed.replace("{fault}", fault.message)
  }
  way.disabled = false
}

async function drawn() {
  const { domToBlob } = await loaded()
  const page = document.querySelector(PAGE)
  return domToBlob(page, {
    scale: 2,
    width: page.scrollWidth,
    height: page.scrollHeight,
    backgroundColor: getComputedStyle(document.querySelector(".stApp")).backgroundColor,
    filter: (node) => !node.matches?.(LEFT_OUT),
  })
}

function name(title) {
  const word = title.toLowerCase().replace(/[^a-z0-9]+/g, "-")
  return `holdfast-${word}-${new Date().toISOString().slice(0, 10)}`
}

function download(blob, file) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(blob)
  link.download = file
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60000)
}
