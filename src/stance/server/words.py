"""What the page says, in Arabic and in English."""

from __future__ import annotations

__all__ = ["LANGUAGES", "WORDS"]

LANGUAGES = {"ar": "rtl", "en": "ltr"}
"""Languages of the page and the directions they run in."""
WORDS = {
    "title": ("المواقف في الأخبار العربية", "Stances in Arabic news"),
    "about": (
        "ألصق مقالا لترى في كل جملة من يتكلم، وبأي موقف ونبرة، وبأي الكلمات.",
        "Paste an article to see who speaks in each sentence, with which stance and sentiment, by which words.",
    ),
    "other": ("English", "العربية"),
    "docs": ("واجهة البرمجة", "API"),
    "text": ("نص المقال", "Text of the article"),
    "hint": (
        "ألصق النص هنا أو أفلت ملفا نصيا في الصفحة. الحد الأقصى {characters} حرف. لا يحفظ الخادم شيئا.",
        "Paste it here or drop a text file on the page; at most {characters} characters. The server keeps nothing.",
    ),
    "open": ("افتح ملفا", "Open a file"),
    "label": ("صنف", "Label"),
    "result": ("النتيجة", "Result"),
    "download": ("تنزيل:", "Download:"),
    "noscript": (
        "تحتاج هذه الصفحة إلى جافاسكربت؛ ومن دونها يفعل الأمر stance read الشيء نفسه.",
        "This page wants JavaScript; without it, the command stance read does the same.",
    ),
    "busy": ("جار التصنيف…", "Labelling…"),
    "done": ("عدد الجمل:", "Statements:"),
    "empty": ("لا نص هنا؛ ألصق مقالا أو افتح ملفا.", "There is no text; paste an article or open a file."),
    "long": (
        "النص أطول من {characters} حرف؛ قسمه أو استعمل الأمر stance read.",
        "The text has more than {characters} characters; divide it or use the command stance read.",
    ),
    "binary": (
        "هذا الملف ليس نصا؛ احفظه نصا بترميز UTF-8.",
        "This file is not text; save it as text in UTF-8.",
    ),
    "cp1256": (
        "ليس الملف بترميز UTF-8، فقرئ بترميز Windows-1256.",
        "The file is not UTF-8 and was read as Windows-1256.",
    ),
    "overloaded": (
        "الخادم مشغول؛ أعد المحاولة بعد لحظات.",
        "The server is busy; try again in a moment.",
    ),
    "deadline_exceeded": (
        "استغرق العمل وقتا أطول من المسموح؛ جرب نصا أقصر.",
        "The work took too long; try a shorter text.",
    ),
    "unreachable": ("تعذر الوصول إلى الخادم.", "The server cannot be reached."),
    "failed": ("رفض الخادم الطلب:", "The server refused the request:"),
}
"""Arabic and English of each text, by the name that the page and its script know it by."""
