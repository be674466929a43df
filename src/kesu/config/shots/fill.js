// Fills a form as somebody in a hurry would: whatever is offered first, plausible words for the rest.
(form) => {
  const words = { name: "邓女士", tel: "13800005566", email: "deng@example.invalid" };
  const story = "地下车库入口的道闸早上七点到八点经常抬不起来，排队排到路口，影响出行。";
  const guess = (name) => (/phone|tel/.test(name) ? words.tel : /name/.test(name) ? words.name : /room/.test(name) ? "3 栋 1 单元 1702" : "道闸早高峰抬不起来");
  const shown = [...form.elements].filter((one) => one.name && !["hidden", "file", "submit"].includes(one.type) && !one.disabled);
  for (const one of shown) {
    const group = shown.filter((other) => other.name === one.name);
    if (one.type === "radio") one.checked = group.some((other) => other.checked) ? one.checked : true;
    else if (one.type === "checkbox") one.checked = true;
    else if (one.tagName === "SELECT") one.value = [...one.options].map((option) => option.value).find((value) => value) ?? "";
    else if (one.type === "date") one.value = "2026-01-05";
    else if (one.type === "datetime-local") one.value = "2026-01-05T10:00";
    else if (one.inputMode === "decimal" || one.type === "number") one.value = "3";
    else if (one.tagName === "TEXTAREA") one.value = story;
    else if (!one.value) one.value = words[one.autocomplete] ?? guess(one.name);
  }
}
