// While an order waits for the bank, its page looks every few seconds whether the answer has come.
const SECONDS = 3;

async function look() {
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (response.ok && !(await response.text()).includes("data-waits")) {
      location.reload();
      return;
    }
  } catch {
    // no connection: the next look may have one
  }
  setTimeout(look, SECONDS * 1000);
}

setTimeout(look, SECONDS * 1000);
