// Unpacks the page that packed_page.py has packed. Allure asks for its data as base64: each part is made into that when
// it is asked for, so that opening the page costs no time for what nobody opens.
// Browsers have DecompressionStream since 2023 (developer.mozilla.org/docs/Web/API/DecompressionStream).
(async () => {
  const packed = document.getElementById("packed");
  const loader = document.getElementById("allure-app-loader");
  if (!globalThis.DecompressionStream) {
    (loader ?? document.body).textContent =
      "This browser is too old to open the report. Any browser of 2023 or later can open it.";
    return;
  }
  const bytes = await (await fetch("data:application/octet-stream;base64," + packed.textContent)).arrayBuffer();
  packed.remove();
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const { code, texts, others } = await new Response(stream).json();
  const asBase64 = (text) => {
    const utf8 = new TextEncoder().encode(text);
    let binary = "";
    for (let at = 0; at < utf8.length; at += 32768)
      binary += String.fromCharCode(...utf8.subarray(at, at + 32768));
    return btoa(binary);
  };
  window.allureReportData = new Proxy({}, {
    has: (_, name) => Object.hasOwn(texts, name) || Object.hasOwn(others, name),
    get: (_, name) => Object.hasOwn(texts, name) ? asBase64(texts[name]) : others[name],
  });
  window.allureReportDataReady = true;
  const script = document.createElement("script");
  script.src = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  document.body.append(script);
})();
