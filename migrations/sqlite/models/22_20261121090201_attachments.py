"""Files, and files in messages.

Made by aerich from the models. By hand: the CHECKs.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE "media" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "kind" VARCHAR(8) NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "purpose" VARCHAR(12) NOT NULL,
    "file_name" VARCHAR(255) NOT NULL,
    "mime_type" VARCHAR(127) NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "width" INT,
    "height" INT,
    "duration_seconds" REAL,
    "blurhash" VARCHAR(100),
    "created_at" TIMESTAMP NOT NULL,
    "updated_at" TIMESTAMP NOT NULL,
    "owner_id" CHAR(36) REFERENCES "user_account" ("id") ON DELETE SET NULL,
    CONSTRAINT "ck_media_kind" CHECK ("kind" IN ('IMAGE', 'VIDEO', 'AUDIO', 'VOICE', 'FILE')),
    CONSTRAINT "ck_media_state" CHECK ("state" IN ('PENDING', 'PROCESSING', 'READY', 'REJECTED')),
    CONSTRAINT "ck_media_purpose" CHECK ("purpose" IN ('MESSAGE', 'AVATAR', 'GROUP_AVATAR', 'STATUS')),
    CONSTRAINT "ck_media_size" CHECK ("size_bytes" >= 0)
);
CREATE INDEX "idx_media_owner_i_04a7ae" ON "media" ("owner_id", "created_at");
        CREATE TABLE "attachment" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "conversation_id" CHAR(36) NOT NULL,
    "seq" INT NOT NULL,
    "position" SMALLINT NOT NULL,
    "kind" VARCHAR(8) NOT NULL,
    "caption" TEXT,
    "waveform" JSON,
    "view_once" INT NOT NULL,
    "media_id" CHAR(36) NOT NULL REFERENCES "media" ("id") ON DELETE CASCADE,
    "message_id" CHAR(36) NOT NULL REFERENCES "message" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_attachment_message_05c5ad" UNIQUE ("message_id", "position"),
    CONSTRAINT "ck_attachment_kind" CHECK ("kind" IN ('IMAGE', 'VIDEO', 'AUDIO', 'VOICE', 'FILE'))
);
CREATE INDEX "idx_attachment_convers_414a44" ON "attachment" ("conversation_id", "seq", "position");
CREATE INDEX "idx_attachment_media_i_67264e" ON "attachment" ("media_id");
        CREATE TABLE "attachment_view" (
    "id" CHAR(36) NOT NULL PRIMARY KEY,
    "viewed_at" TIMESTAMP NOT NULL,
    "attachment_id" CHAR(36) NOT NULL REFERENCES "attachment" ("id") ON DELETE CASCADE,
    "user_id" CHAR(36) NOT NULL REFERENCES "user_account" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_attachment__attachm_7c9815" UNIQUE ("attachment_id", "user_id")
);
CREATE INDEX "idx_attachment__user_id_0f8961" ON "attachment_view" ("user_id");"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE IF EXISTS "attachment_view";
        DROP TABLE IF EXISTS "attachment";
        DROP TABLE IF EXISTS "media";"""


MODELS_STATE = (
    "eJztfWtz2zjS7l9B+cskpzQ+iS9JNjl1qpzEM+tdx87Gnt2td7IlQyRkYUwRGoKyot2d//"
    "6iwYt4ASlCImUKwYfJ2CQapB+AQPfTF/znYMpc4vHDv7DRwVv0nwMfT4n4IXt5gA7wbLa6"
    "CBdCPPJku9/iBiMeBtgJxaUx9jgRl1zCnYDOQsp8aHjDpiScUP8ehQyNCHKZTw7RXTD3hz"
    "i8Q5SjxYT4CKMFCx5IgKZ4iZ7he0z95yjEDwTR8K246xHMCZqyR8LFFcT8Q/RR9IQCtuDo"
    "nh3Cy7jMEW8jHrXj5859+vucDEN2L55IAvH0X/8lLlPfJd8IT36dPQzHlHhuDm7qQgfy+j"
    "BczuS1X365+PiTbAl/02joMG8+9VetZ8twwvy0+XxO3UOQgXv3xCcBDombGRB/7nnxsCWX"
    "ojcWF8JgTtJXdVcXXDLGcw+G9eD/jee+A6OJ5JPgn5P/H79aptlweHV9O7w5vx0OD0qzAF"
    "6hMEDxJYf5MIOoHwJQ//kj6ncFiLx6AA/48OezL8+OXz2XEDAe3gfypoTr4A8piEMciUrQ"
    "VyjL/5dw/jDBgRrnpH0BafGim2CcXFiBvPpUEvgSgDqA9GCKvw094t+HE/Hrq5MaiP9+9k"
    "Wi/OpEoszElx197VfxnSN5C8BegTvDS49hxTz+y831lRrfjEgBYpc6Ifov8igP9xDqGmgB"
    "DOh5yvnvXhbSZ5/O/llE+8Pl9fviNIcO3hegjxeeB7LUmd15qY3meLxK9AX3/BQ/Oj1tMM"
    "dFq8pJLu/loY72jTLMHwVIIZ0SNdQrqeI8j8UOkx/Mmu23F5/Ob27PPn3OTfmPZ7fncOdI"
    "Xl0Wrj57VRiPtBP0j4vbPyP4Ff3P9dV58ctI293+zwG8E56HbOizxRC7WUySy8ml3PDiMC"
    "TTWcjLA3wzxZ534YfqAc7KFYZYwNTVoL7o6ju6hzf48fjo9as34q58Qfjldc1Q33w6u7y8"
    "uLotfC9SbxrqqTdZmS2UnJ4tTtuoNBk8MQ+HJAhYoLPU56XMW+pPX7xosNSLVpVLvbyXh9"
    "ol2N1grc+ItbDY9wx2k9Z6JyCA+wZDnJe0W3rvhhns7PFDxgaECyPsPCxw4A5Ld9gRq2pb"
    "vjU9mhavYB/fy0ECNOE9Y/bkkt2fz5gzOVAwK+m9QR294rH7IUmbrSVZriNGAgiLAPsum4"
    "o3mo5IgAIx/xbETbgO+PPmMyA/BNAhC4g7QJyhcIJD5DNEcOBRIeXMA84CaHbPmIuwv0RT"
    "0bhMsuzwuS2TLPVqnVIH2VChW0+xdLldbqvRVZMqj9ibK1iV9/S+EtZUZHeqcvfY/uno6P"
    "j49dGL41dvTk9evz598yJFunyrDvf3Fz8D6rkFMxqGHi1rj8QPq5Y1ea92WSNpk0ZLWszf"
    "wioxEZ2K6eGKz2dCEPO9ZUTBOmLhEOOBcCCaM08sGiM2Dw/RrWj1QJawljyb4SCk0O8AiU"
    "1G/vRcvZZ1/cD1i9ivoJYTPE3MoFj84F+Vq1vaROtTzEqZs87t4FusWxLTcdfdb3KCJi2O"
    "bVAJIb7Xm9uxgEk47mRiryDPrUFN6Zv8wtWik6q/RpEGgfMg3l6HuknaG+iDOmlC2pxUcz"
    "YnJcrG+qCezAc1oa5L/OE4YFMd+AtiWw3B/nBlnYyA5bM2GQrLZ2kZfp9TDVVt/H3OarD1"
    "vFZO2V1vCIJhRXwXsTEi2JnA/8Eie/kKpR3xQ3QnlL7hiIxZQGRwDzQRlyJbDm7eoYDMPO"
    "wA9SRayQZc/BlI2nlu2R7c4XO34Lb6ZHL0wQLsgumaEJVqUWeBJBLWBNnYBLFW31NAHi9l"
    "2shn5OwAbDwAY4+p/Pt12KciFvZ9pNQ/EXCX8QmdqfSqzN1arWqab7dWpTrzkUCcBI/YEz"
    "+gxYQK/QajmeiD+YgTwsVvYmgexQUMQj9wFLE7AzRi4QT0Ii4kHW/uEved0HB+/I1RH7hz"
    "JpQaIe0zUGTKStVOn9yEbZ9zEgBlVc2v2xDtXYRoW8axdcYxmdoagGZELJwljrE/llY/tu"
    "k2nDtAAA43c2GWRE3CdteqP9twEAqCGw1Bz/jb704JPXMcNvfDj8QjVQxfsUmtOoqjxmJk"
    "Mq2bKKWxYESeAZkmM/fE1OHAnokLIwKaXnQBPbvjoVhaJX999xyxAC0wF1ej2/KiDN7wJe"
    "cWEIcFks2joVIv3enDt2D8+rOtPynf140aOiWci49EkQdS7anNyhjorX35qoG39mXRM7Ly"
    "1sKtQi4VEX8m38xlVZS1TqveOa1ygSTOhLhzTwzXWMVs1Y91SdgOdr8HO90RtUc6J2nTZ/"
    "o8yqmGozvIOUE7xn0b462Mkbx6Wp4Z1z65ZeIfOTMuBG7Yd1Teotjc+CXuZB810tXV1fMD"
    "vEg1+aw2Lv5yaSRFGubZzYezj+cHf7Ro2c1dGp77YbA8UBl1q7uDWnsO2g1J2lCn5gsYU2"
    "AZQfkVMKlwamgdoosQsXnoUaitAlZSYoFh3xUW05gE0ggDQl90VVvhpb2nfPW/+rcBvb+H"
    "689oZL5N6X0gvRHPkRisKA9A2IbigwLT0GMcMgcIDeCK+Ar5QHZ+L95jHBJxFS0JDt4mz0"
    "AC36Y5Tb9mZ0s+XAucFgP0a/aqIU4MMRMPHcj7cjzmPBz6ZCEA2DN/xpNZ6fuzK2pw72K1"
    "YbpwZmUsniU8lUxvNcmxkjCQ4mg/IJ3PR78RR6EiVyOcETGvUEP7ZafobBjvtjog56XMw/"
    "mkSemjk+rKRyflwkcR4aZcfKtxzkuZh3P789klIaae1mTOiJiHcCdVvGyqRDX64g90r31v"
    "GU+MPaEz4jnc18wJManw+bcZC5RJ85m7gzoDXFoZZNVwvS8VOWy2BH8jF0byiLnLH4RxLH"
    "qJTGVhbC4R5g/EhZQEqN7xbzqDeLw7+SSXBv83ehq/GyB4ZxeNltISpsLeFcYz9aAYqmhD"
    "xSgpvKk7f/zmlrS0oXkofpX9zFxrTPfOmM4GhGpagQpRawwWQrBYMFVtiNWKx0pid8bgwd"
    "XHJHuye+XjTQPV402l4vGmZA0my0tjWzARMNDYbj+eIA4HH4qNguIyzO8Z8wj2K1bnomwB"
    "8ZEQ7gry9Mpul4b319eXOc3t/UUhOu3ql0/vz8UgyDEQjWiYCVrLTWz6bzIcLUNVwExd1G"
    "BezgYNbhq2GatAmzhjc5LWG9s3b6y1Wpt9dmZZrbn0jZUpojnqeUk76n0ZdcXHHr99D/yG"
    "fRvjzW2bEvWzLjjlJ2Ee03v/r2TZcXhKPyBtOUBld1waeaQOOVDxaNGdQS2HtmrTqPYkhV"
    "kghlKSKGwMaamy8uMhuotq3N6hZy8PD18evX4OyQE05Ch6BKIuiuNGbsSswh6aBSxk4ntV"
    "15zs6kEKSuzX9APIPnSYRJIkN6PHRgSYcYcYmcCHxQNUAr0+D3ElZVKiXBtJiMWvoQRsjU"
    "O5LGoiZ3PUhBETrapZm6MSK2ZP5Vrh2+gci5c151i8LJ9jMROzEphaHYyzMibi3Dr3KE9Y"
    "4YRscjpUUdZAS21/LTNLw5hvkFsa5nscdUvDWBqmB5B2ScNkPHSEc6hUqvDPxZI//fULie"
    "yXaqRvol4MAvuP7pmqS+o/HFSyVfLuYD1jNfSShg2ivnyySMihOCcK6KKokgX0E0VS/e0L"
    "csTjDtENEZpJfJZJdCwTwhxNMJ8Q/g7drXyEsrQt0BEjOA1b7lslLmvnT290mEo0cVOKK+"
    "P2tPFdveGzfg+GMOw6hmpGxEA7tf3wci4/Nm2YC2IW6iaZKZZNtGyiZRMtm7hBJKNNattJ"
    "Uts+BOQe/OPs4vbi6ueuVLmu5/IsYI8UlG94iRLUt+RbVbnUgpwJ87mOGTv/522OFCsdCZ"
    "QSY5fXVz8nzYvnBPU2LrRvS/j+kpTWI2E+N93EI5HhNEqjXlMrPSdlc6BqCWq+4ju35Kib"
    "M6f9xHUtS52fV72KF6TcYY8kWIrROlDxsNn7g1omNmk5fCANS2D9AwhQKEMVKeZoxNgDco"
    "RtDwdcJP1B/ygKy4IKwknbxYSK6xhx7IUIggQ4epa+wuFs+VwWtYK/hiOfQXrt2xIbu+Pn"
    "f/UXEyiDRaF0clT+ajGRtGyU7ctD6nmyeJY8noOjsZjWcGsqSytHycALKJcse0CeeF1xZT"
    "6rDmUkM+ZIUoq6xA+pmBTlkMVfSzeVhG88qk2Ngbh5O6bA0x6a1gkVVk30pmOWh7oyZDFt"
    "b1LE4tHLk9cnb45fnaRhi+mVuthFRdjiam5rzN68lIG0TGuVQ3pSQ+Jc1k29WA2bYi8rta"
    "ndz+JKrPmZ0OwkTrH2iXUZ/AEyVn21wYj9I9lJ5PW4Tn5cbfFtXLZBVsRnQi2XcezC1BeN"
    "p/iBQFx7pliE+jTOHT67UT0J6LXWjZjAq+12UYja3UZ7t4kGqAT7mqitRMhAo3hPjOBK7q"
    "MnC/KljGWIFttQaVoUWtQuxlFkRLwYhw3Ni7PkyDzQ8pGkTF0SDCC+gnI+h6KzQr+OSwqi"
    "Zz4RqjvcJD9OMfWeD4SuzcTiJxRzYc3KLKJc0dzS8ruD5ymV/KhzuJ2UR8xlKiUvYnOVeh"
    "vbkQ6RxvaXlTFQQe3Ab5h+Jo01jFTCQIA7qR34BCVdv0OUrUujGn1zXRo23N6G2z+1I6On"
    "VQ8+Cf35lj0Q/0BhZ6xu1poYoIMLxTpp14joSWkWJAUR9EFkwQEsg7nfAmsCilpyrEZy9A"
    "ULgOcHNwPEg88w5ws4+3BEkAMuAv8Q/QLkDBNzTU3z7OzJmkVDZ/NAfHdEI5Bcvr82+ZOX"
    "sryPNu+TDJSOxbESMVBTa9/gIHJJ0fSb5YQMhLkThdiGcm2iLPVJAbahXNbusXaPtXus3a"
    "Nj91yfzcPJWRiS6Ux5dkLufq31w8QnOBHL46ppA/cK+Cl+FCaHMBtC6axInR5v0QJiq6Zz"
    "HiKHTQmCvxctaDgRdskgsi7QXYyqTF0F3wcYLsJEoWPZszRnVF6WXT1Wx/Rpbu/ILAn9HM"
    "OclLV39O0d62Lp3uIJiCs+ACcczgOqA3RRzkCwj16cNEnohGbVlo+8WUjpZPG+3BTrVMBA"
    "kNvPU4YqDENngj14hhbOZUkLeAPArSm/Tlntu03XyJS3R/8aY9P1E9G9Nel8ciuWpw/itw"
    "OVRZe5Pag16HxhuYiWQydp2sijBWfDwzHwsvxQHCm8CrRFz6JYNfAinR++fHUyQD4cc+VR"
    "Ttznhwh6kII05MQbg4G1KlqEM7HJaqfWLh/exLhrWAipLwkGPbLnWmT56068c/UN6ZyQ1c"
    "gaaGQxKaSotlFfSj0rt7vUpBddodxeJXXgrTbQbzNiVrnttXJrbRhjh7kn2RWfA/qIneUN"
    "CUOBNldpisUmtdriLGo85NnWDfO3k6wHGVYUZy5zQmSyg8sO0RVDAVu8lWFI8XzioNzdxQ"
    "9N3vRuAIraWGh3kBixhEQzyKQY04Arki12/Oz16mKlgtgf/+WTKojdZE6kxwPo6IA5IQN1"
    "wPaJfeZ7VBiU4IWaa5VdKwlauJuVBRtTjwxnExYyTY9VXtDC3QDuEdUCOW5uoW3kEcTuMC"
    "AOoUoLsvbY6ZLsDo+dfpqNsMVTp0XH4iWG4m+kDg5ZoAu+Ut4OQPMBWEzY0MH+cEo4x3qu"
    "Q4WoXWwaLDYJbsKGE5r68D5g85mWtlLZgYVfA36ooLUJ6omcBbsB2NnyZMPREjQ+X7HI1K"
    "7xlX3Ydb75Ol8EUSZwbDkQaR92IJoPhD2ErHox2s/sAAULmx5LtDEJuy5MAjzsTPzTceB7"
    "H7i4lmMktmK0v5CodGZV4EPu/qCOyw7ilhqRD2dR4IA8kAkG3OWQSQt0sMydnUNVtDCyg+"
    "Ig8uukRFqm3loacPAOYTSPsmiJPJZJAueqYtl39lytYPZKLrsvLvcehTrsoERbbxwI/dUj"
    "9iVYrqeQ7mu03BcyFgM9qaz9kLu/ZteQLTetAEGwM0FxH3FJBozist/QSPznHqKz1fLssK"
    "kYlyhBCY/DqAY0uhdPJIjARgC/xh3Ul4Do/tGdHSJoaz881YaykZnE27SR+hk2vIcmkY0/"
    "+k6H2ZZDqF5R95Pw2IOTbfo20p3YBE9xtE1Pgd3js20S7BV2QWZYqk2CzCxoWg2BuFCYID"
    "rf+xCdi5FzE006OsP7gcxCGY5Ig7zOzqOqBSOCgL+69yGpJTrsJSCgeFUVQuj4iZrl3wg8"
    "X+r8YAPEh7Pbc8WfeqmrMwbscaq7OU5VfiViofK1qiPnpczDuZNycDK+d0MjtyhroHK8J8"
    "qwNXXtMKfDnOgVuoOckbOcVc9HeCiMdq6yumqqpeakzNsej48a7I7HR5WbI9yyZwdY0sjG"
    "Rpk26lWxUbnQxNT+Lg16tUmdE7JEocqKs7EYNhajz7EY5TWgBVA/ph0ZCmtu4dPlsTPkA1"
    "STLeP9Phb76a9fiIdDqtRYc1DD+Yj7p79WoZ1PTpP883YgFUN7DJmVf3TqERFf/IX/IS1K"
    "qfKMFJoMaj0kovGQ+vkylzqVo2Xk6wJDQCtEvcL/ORGYuELUCVkwkJUcouoN8E3AqTZUtq"
    "0rDL1lr93UfbaOjU5Us2rHhhjygIT6lbbzYgYmo7VfIoyC9uBFK7ZSO65xJJVFDYT85VGT"
    "4s+iVXUG4FG59DOe6lV+jtubiO+LF03wffGiGl+4V6jCIWal2BOmOhhnZUzEufU8Vltd8K"
    "Dd6oLWI7aJntFzak/B6FoiyhJR3UK6r0lBtwv2k7TzDhT27ermoM6yDRfiBVbtGpi0USXC"
    "H3ghbTMyJwbi/xgOaJVnEUX5NcEjCX6QiZzvwAB12NyH4oR+ao8K/Mc0mBL3EJ1Djo/MFV"
    "2wIKKXCrbvLh//VZ4h8hYJXYdAYiqBHKNHgjCa0HthMaO7qMJeSGZ3tnpir01kmBXDaJLo"
    "GckFQQN13e5C0+DDUJCf9L5S282JGaPu/uno6Pj49dGL41dvTk9evz598yJVfsu36lTh9x"
    "c/gyKcG4ayZpwuaJsEPxRkbTBRn5VjG+RS/entZ7hDVZCLLQXTS11/K/1d4qhQ3RN8q7X2"
    "KFrekbqsnt5+iO7+D5y6foeitSDKnQFNeXXGDDiIpjzyLiWpM9EgomceWwi918GcvIsOp3"
    "muclB1+qwtlGzrm9qx4g0TVZe+z8oYqG6fNmHwT6sJ/NMSf58ABt/aJkAncsZVmGgf6oqi"
    "hzWB2xUVDg2I2e7EbpR46U7knFArQPdoEncI8yMJ4Gg2xaZYW8WzLLzD8p3plb2t3ymrzw"
    "79+XSkeUp3Qc64id5ktT6qXq2Pyo5tidiGs7wsbGe5zizHnC+YMJF045JKgnbnbLSku5TP"
    "PLwc6qrbRTkDVe5OomZ2eJhKryfzaSNwT2vAPS2Dew8JrVq740pidxP44Jerm8/nHy5+uj"
    "j/2JVd3vnBNWIL1ME5ab9LlG/Ov+wrvD4hLh8mx1VxEs5VHrE6PaSihx0qI4lKuLe6iNAk"
    "hlAeKEFRcwRU4lYX1Dk6IqrPvYGbKi9pnZHWGWmdkU/vjLQZ9yaPuuJj1z2NJLP0g2eIfJ"
    "uxQHksok6yqOjpXHa0h1OhUbZolKTXSk6tqRBRF0I+Q7otSpBzTNyLqLelqWhJnr6NHORP"
    "oiPjEpBz5z5DNPGwOkdHB6zrM9HXWdTV3mqk9XDljh7aOr89f+CRidMrKVS7HVLm1VjO2w"
    "9Jcv22MJUz+02EC3wkWyIFgWb/EN2YCtEEgEmiXFrACrr5M/OMxWsEgWbCIhspoi90sHoP"
    "/RgN0paTyWiAxF2fyBDGNtSDD2lvJisI4m6InW01zw9RL4aDNGRjC1Otci7elYd8KLR0Qh"
    "+VgS/6aH2JejUeNK4sXG8BK3ELxKV4S1Yh6cJACzlxaYhWwrjlEontV/e0K1NRy/yJQ/GH"
    "xHkv7WB2Cf2Z+jlS/5GG2+paF7ITQ+cWdqFE/pRA+Oy2dChJYnANxClGaEJnu0JpLz84HI"
    "pNfjIV2sLwkZLFllidpb39XXRmKmZJNMeUcI635vk+Rr19ijozFbN2sGoO0n4uWX4L+lWM"
    "0aeoM1Pn04xui9Nnaqr6KXR2p4WJ9CXuxtQpxPFja4v4DfRl+BLOnQlx5157mCX9GY5bOI"
    "EAquGYeR7bVsG6lX39JLsyCa9ysY+a+hQFTYyqzqBKQE1qgjTQXaM6FB8zXRq4N8wC+oid"
    "JQTgh6KzmunYHLnPUZ83mS4NRC5fYnBbzHJ1DQ1EaxYQTnzVSSabzK9VX4ZAtUGJHRnhUF"
    "FmJ4l+WFNqZ5E0a1BnB9pG9WxwXAcnOnNh7rtotHyLCNSYZOPoWIYo9xLBm8mzGuLrSczC"
    "AMkaOD9CDRx3IKtasrno2HGEkcJVlXd2+PSv/lf/2kefo8jim79dojt4+h2aYC77cVhc7x"
    "59PfjwVbwsZ+mrBWRMv8GrYRRg/54kz5bzDQmREQsniPj31Ce8quzPr2k9KzlA/yqUAfr1"
    "IBm39BQLrcpAdYUKlbWBFBUK4++qTrV42hT8HVYorC4TlIxT0yTEpL3NVW6Wq9yf4rL92F"
    "c2qHJVyn6wRbSNKKKdi+ur0BKycX/1moIspzVJmjbQFhIhsTdOyYi5S3QPFabns7dI2FTU"
    "g03RF/uht4SflsjBflSDmopt9F7ArVIC2ulU+3go2XfNHmvrlHVcp6ymDp8cmhLmaxL0Ei"
    "EDc/P2NxdPXrK7u93d7e6+fnePAq0V23oagV29n4/SJmv38bsocj64QwsMp0v4wngVqKJx"
    "wKYovuneHaIrJnfjkbCiwdiNpcAMJo/i/6FQHMr7edudKw3puDXcj3tUmNNJfoC2JW1r7H"
    "ZYY1eWJtm0+pdS2LwiVZ1Y1RK7TSoclwTNA7z90rsSNM2ia1kZEzHuoPKareJSjf5+1vNo"
    "UsUls7NrbN55KWtIFCtERjrVRqBa6ywDao11ltFbrYFWZ6Dlp5XaRlOsCBbYZsC6PTR+C6"
    "mzCiu4nFxbbQ4X0nqbEtzyNEXp9Y074GgxYdIi5Q72OXDO8rTGO1CI7wbyZMZDBNusuAUH"
    "LvIJ2LA8FPNOYR138gRt6jtzpHC1ZQwvql0OOydkHPP96qSBBvvqpFKBhVv11rE9JnqTDb"
    "lP+msjDtyaLdVfnLlmi/V8WM/HU+t/PfV8JEUu1FpfUv+iVt1LG633f0jNClFfeh7E9yvm"
    "GEcjxh4gru+OLcTI372FE7R/5NSFk7Y/zcM59kDtChcMBWyhiGZspVeIUrwLyJQ9yjVetI"
    "fOpCwKoSuhHUJU42JCvdhpAs4VaJScYngrfhZ9CQURL/kqgmIpfpTtV4GNC/hH3Prqx1ZB"
    "EoPJCeHoGeXRCz5HLiPSkYOcCUQ/vhOvknmv6Fzye/GHVTtsZEt5Fz6vsq9ms5BH66jp0F"
    "HjU+dB11WQlTGPwe7ELUP5cIwfWRCXMijE9NYV+i9I2hr/GjX+o/IK+up3Vs5A5XtPlO1G"
    "NtZqF9Ud5LykPcahz6NsLenqzctgS9oe42DYqCs+9nLZczAiNAmUrIxlUGyizQ4JqdTmtY"
    "xUHSOV/ULXO3oty7f/LF9Sa7Sa7MtUI13L+Q2DTOO13B+wY8wnKBYCag6jGaYB/DQjbOYJ"
    "ocQhizmQYh7m4Tv4GZg2mXCE2Iz4UdYwh8SlgC3KfGBnT5IcoTD+J1QYo/7dW+kxxhxBLV"
    "gUsgFigfhdmL4uGrNgsEqrEg+LKMO4Q3kGaUwYEofOKHTgy/fxCA7Ec8Wb0nAA1N9XuO4j"
    "PA7F3ZhJFG/5LtNTRBvi9A+WHCONiEPs8wXR8VdHXcZzWHzNEcchYZJua3Bjpy9d3czSiX"
    "2hE2Hm66bSZWWMCyZ404RMfFPNJb4pUYniQ9Nja5mSOTSAqT1uxNQe1zC1x2WmNl1emuKb"
    "CpiY+N/62cOPqgLd1eDGzS20DaBNlQV9D8NKzvoXdPwLiQZSAnyNfyEjZyA5tb9kVJmDTF"
    "TaTUY5L2o9DH0eZ+thqN639pNrth6G73HUm3gYioxCU36gKGep8aLtlKVzmqKaE7KQ1nsb"
    "IrAsNb6OGs9NqvX+hvTLtsiuQ7a4CPbJ8xAd3qVwOKSnelX7GdKzw5okkI0hLlcy3yntPp"
    "95DMuA39sJ40TS8JwQhFFcYD3K96KhvAp8OnSiyh1rt/P1NPx/Dlbw5vx0Gc0WRMg3qAMc"
    "nRkd9xLDHM+o5EM4kI0FiPKXPyw73xd2/kH8qTrsW9LeQPrtTRNavpqVt6xxHbV51ITaPK"
    "qmNo+K8M7mgZjqWgBnRCzEDSCGDUO7UlNOyECYj05PG+AsWlUCLe/lkZ7SKYlQ0kA6J2Qg"
    "0i+P6ip4r2b065op/bq0KtN/k+FoqT6DsqaQel5ufUH1fUB7hzXVMzXUqRsqKgtUAp+23w"
    "jzntHjMeRHL09en7w5fnWSIp1eqQO4DOZE2KEThYVaieZKwMJZhtOdB9GZvpyIJ7mKJeIn"
    "YXRVQKsSLoA8Bun9g7kGw4/Xv7y/PEefv5x/uLi5uL7KE7vyZt5j+uX87LJUf2oe6JYbyc"
    "qYF8XSSb6hdWdVo7+fjg3rzvoeR73nCTM9W1hNSPDoJ6Sb53eIF0BXv1xe1vkEVCeYt3Z4"
    "+R4uVlWg652sqZ+28UgCjuOXVSVtrO4P1qRs5Fs28Ki4NCCOLD0SQmYDRvcBm88O0UXIZZ"
    "0TGmUzAPeO5jIPYTGhziTxf3CEAyL+oukIIq7kwXFTAr/wuJqJytGyk2eu979Y/4j1j/Rg"
    "0ek6PDmkoadFeaYC1uZrZPNl30wD5oKYeWB3UpI+2jt0U53yUq1AbXSuE6RKDjn5XYP0zI"
    "rsjrl/0RXALZOekYIylIeja4BaFLPAljwdEzZ0MPDBeipEUW53qsTBp3NIc+lKQ+s03CJB"
    "jbg0HFJ/rHUAi1J4h7ifffx0cbXXsGPXHcamzibAF8Qt9BrQz6iWclcQs1A3gBpM13h6im"
    "WZDCcUqvAr9LzarMqaXmyOpUaOJfeYABIOHKj001bHcahkre5S8oRTjmczguGhG6BcJW6D"
    "DspQUz4kvhMsZ6HqGJt1ado5UbuK6GRqOyF9pOFykzTevKiBvtH99YWWXeBRJYMhnEOr6R"
    "ItS1rHaGErnrCFr0nH5GTsjqDQbyRAW6xPyg5ssYE+L1I2Oqv689rPOB0bnfU9jnqT6Kzk"
    "ix0tNfWRkqBVR2rjtFZ4lVG2wVq5YK3S1NoiYktAEcf/bB6slQ0tuoT+9nAJq4zZypn/vt"
    "DRlNlIGmhdyE5MhajSr6AD0SfZibkQRfFn22IkezEVpBn1twToc+QzMREc7kyIO/cI+OHa"
    "mEs3SX8GTqpdxdxGG9+awNt0d2wWfTv00vYNYnAXLHCjwiM4jmRFs3mIILgTZXuNTz+EGu"
    "cLH3mUh6ro2i17Ux4wmJwLUIwwjv7M4oGDNrC2L4G16TRs6rdOBQwMrT1tFo5YE41os/1M"
    "Zxaa8Em5hV6TWyiL2sp79tikHbI19oSfJkTN2hN+qtaDFqAt5nsZCrFiKexTScOY7FGYBS"
    "saqNoWoKs2DfR/R3QAhwG9PHqDAuy7bIpGNOSREi/w4OlBRhPModjgb4z6SdocZNCNAoZd"
    "B6vtgZZ716xrWBxmaGsLGu67XQFzSsesSNobd8zQcZN6cMfV9eCOS/XgxMdBxUBsYFPkJW"
    "0kQn+ck2UbAiaRUDJ0wj2zIjagpxzQI7DRzq/KydgA5SKkAXlkm520k5e0a1Gf1yLLYlV/"
    "UOayWDYqyrRRbxQVZbnLLrlLG3TWJrJ1QWeWc+uSc1PP6d3xxv2cwjuI7+uS0oyDs5THtC"
    "RhW3XntKRtGlCaMzHNohCDfNABnHa+QM/uPDIOhQJxJ9/xuWQZyRhIMfQJBw9RhS/xHLE+"
    "hkRW+GJiO0YB5cqCYh0/TRkSUVyBpGPFRkL0lbEMmF4RrKS9rQvSJHUfXAYb2RI5QQNNif"
    "01HcoWY7yK6g5xRszyQH0e34BM2eOGbF9W0o5yn0d5TAPt2m45md3R5C+72gpbpsmfolpe"
    "z76Q1kujEI8+ykPc9XAtyVmnTtmpg3VRzYpYQJWAbrJpYrtj7sOOGTLxN2y6IKmF7ZJf/o"
    "wkUhssTiU5C24duPoLVVHWrlZ9Xq0oF2MlUOWKcV5X5ywjaKucaVQ5E9BB/twmpeVWcjtE"
    "PCF79xZwTvxNqKiMmF3E+ryIzX2538iacHragELS6gOKevRz8FPO/ZAq0kPrP6KCqP2Q+v"
    "wh4cCZ0Edtq6UoZj+h8ic0o/5mPq+coP18+vz5+CykY+rENR3Io14yvVp6l7XgLy8Puvqa"
    "unQnuwEeKz6rW/KtivZNBEw4RanuAzr/523u20lAfPbp7J/Pc9/P5fXVz0nzDOgfLq/fq9"
    "Aebh4PrJK3y1qflzUb8V+9ru1n7LeN+P8eR71JxL9ouUlAekHMhqMXAv1tHkWX8NoaMDZ5"
    "YscQd5M8YcvttF5uJ9mZdgdrP3ewtagWtvAtak0HxCHiPYdTyJZQ+Lg0KpZ+ibqCvAuDJn"
    "SnxUrPwhA7kymRTyvl7mTuDuryd3C+XYMcnjH1SJRTExerHcBvUDpo5mGHQPFQSKH5mREo"
    "IURkNdGkKaIcRbPNRWMWIKgvtGS+Mnuns+co83amq0q5Ytek8s8tpu3UVjAagB/x97z8YP"
    "OiRrC0ZZ42JS7FtlCSKWlH1k7o1E7QPBNr1xGs++TNStayEpw3U+x5lZhm5UwC9vjo9asU"
    "U/ilDs6bT2eXl2VMH6jemeRJewNrL7fsIHLwTD1Zq11EGRHrJNJ3Ei3wI6RMT8uQ/+Xm+k"
    "oNeVamSBpTJ0T/lVXnjcIewKjHvghzYZODDorYP1Kh+rDYktUIL8zJ2YBOjfjCVAvX0Ney"
    "MlZRKwEqrS5tSLNSFtR6Wjdj2W7Ji5l3msygwI3lZ9Z60lF+3K0gG/djLK6rRVC3nHd+w9"
    "uSZ1zRYn8XnRmE+I6oRolaLd2Y4NqEchw+Jo3X8o63UJacsykZMXeJ2EyMmoswgg5+BF0G"
    "rXotk4m6wkqGMM+UKuv65Ci7xHthGTsTGDuYKxsFyeQEDYyR2d+YGEVY/Gpl0gyLKQpapd"
    "SGbuxQx8/vTVsqo3nX4X7Cu94LXvxibdDGjoI2qjX9LlXYj5E3ODFhFSpsoUWtChv7locZ"
    "27qJ6zzxTsfHcMb1KbOOaqFuTjnxHglH2KtwjG/YS+MTPDPe7FoFN2MsWx3XBB3XeqWtV3"
    "ovvNI2UWWTqbp35pj1DlhDrI9w1hhi1kZoPbDb+q/a9V89jf1VY3g1sri0LK1rn4jnw8EE"
    "wiCKJQ/RnVCp7qLIYJ9DaDGnLpEBxVntVRb6h1BiWeyfBS4JykZY2w/46n/1P4s+OFpg7w"
    "E9K6jTAyR6fn6IrhiageU3xUsZ0oxGJOpAvMVoiaj7Fn2Olqubv12iBZt7btQhPI66SM5e"
    "8UvA5veTr76MipYuEYE2+YEnfwlHz/iMEPdwKp78FQ5S8LAvvhcx5fDs68Hz5qcfSBtyIG"
    "xFTsSjI0vTo0C6ZI3HgpFphkEonwT/nOyZFWjNlLbMFBvomQZ6vnzVINLzZdHYWIV6wq1C"
    "6UryTasWSNLeRnluUAqEhJh6itCL6iDPjIiN8dw8xjMgM28pNllNi60gZtP0C2vHRFYDDB"
    "jTdfSWJS22xZBOHx7Mh0nOXRne2uhkpbyNUtaIUi5r2Bo6iFLYhD0zr4+8Ommgj7w6qdRH"
    "4Fap9EcIyE0wn2gBXpCzWK/HmvLhhLrCytZcW3Jydk3RqaxMPWVwSS3cKyGLtQbWxKWbOb"
    "dygrbUXp9dW0kAyQZlFXOSdpT7PMrk24yK7jb5lHOSdpT7PMo2GuG7GOYe1cm0H3N3H7ON"
    "ges2Bg78gJrA5oQs32aLOLYeN7FREceVT3s30T79nL5rsc19vVtUG1xlbLSWA2zQjFZal2"
    "OmmJ46UJVzIkyEK3E5bIdVDNKnqDNTsQrII+WtgfUl7s1ctLDTwtT6EndjKkwcP1bU7tVB"
    "6QZ6MXyp4s6EuHMPjMkt59RN0lNzxPZEAckBNmaexxZCt9sOrVvp9/9JdmbS3NIK+c2qvn"
    "AUXDWk1z65ZeKfxhvBTdqhgXNwRlWOSm2oPtMmG8C+ALRZ/HiiXVWHkWf0r7XR5MNppvHa"
    "qPJ/TNiqGDVKlMZBknFLA+Swufiz38lwa1mkmkPJavgNog8RDkjye9zLDxArLgPlyjHm3T"
    "/OZgTbjGCbEWwzgg0ItbepojZVtI9w2lRRmyraT2B7nyqacoPVun6WPlyv7AfZ1g20fVld"
    "J9G/OaYuGkHdcoKwjyDULjl7hoaTJMkTInmjw2ho2Pysm24fpdDyG+rwg2xIoVXoTVDobd"
    "bc7rLmehPH29Mtyoh4IWt42Ar2Vq3TUOtipr9aqVu5AtardCs/RJMK4gQtWOByxMbZQwXH"
    "zHNjvclh0xkOKJRTfBZ1PYQN8HC2fH6IzgTe9P6eBLGqxUHxkhpZnmGVEiUdb6dPh3Ii8M"
    "ApvQ/imiOuC6ckCj1zLCYwh7KROAijd4EKIG/F/3++uIorhDCoLQJ6phCfijf2M2VFBuin"
    "25tTuCZ+EftUQx1TSwV8T+8rWTDlkqkgweKPYzvtr3sG7E9HR8fHr49eHL96c3ry+vXpmx"
    "cpFVa+VceJvb/4GWix3EaY8GSW4LUE754TvDbJ4rtQp2Ev0rFPk/ZGlMzZtYHaN9vlSffj"
    "Fi0XHf26gZWTRIh0b+P0YQDat3C2slog6EZhq8SxONUWShzzo1MVXojAuUTxIedZ9WqwYn"
    "VluT559PkAzf2QeuhulSt6h57B67+N70TE8NyPOn5eV0t+J8/WZKJVCqbsbVs6unC2eibX"
    "1pLcJpDcq1miqSrmBK2m2GtN0ebWfw+jbPmJTvmJeMEbLTWxLcrZpFxrWXUAqc1z7kOec/"
    "qxt4Cz2anOxWVRO9vZ8gP7xg+kqZkKkiCbtlnNFATZVuvpAh+RKfuNFk5/m81DcMmljsV3"
    "iIPJjj3RgM08Ig8dSC5FHWSckOINJggOQlZQBN0/T5mGkpntUlw2tGcu1399htnx6cDnMa"
    "+upZoKGOEOsFVU81CnV/a2sqd1Ym4yAHtHWvTN+uvv0NpkpJ6Y0zbEsl0Dw54bbsi54V+I"
    "Q8Qf/QkHDwdKE291e1Bv5cmGw2nSskECEpEGlhBIYkbhwDkUME5QCLUBohPoBuC1zRI7HP"
    "Ep9oTZ5cMxb5HhFj+ey6IA2Bd3xFxzB9JMg3PoSnbfTp/+1ZehqQzMPy5Pt3sQe+shunA5"
    "Cqh4YBToKjSbt9HJeZ7AKipwMGbBPQtD8bIj6Zue1pmU8MJwW2iwUM5FqmuKmgbWAuyLBZ"
    "gZKD0DJZHaoXnyNFt+m2c82GBVG6xq7TwdOw82FG0zLyNkzZJ1ZkmyZW9tlSQd7SesDYyS"
    "zLTqkwKdq8qo0KCLVRurVeioSqTWQdCrAMe8++KBkJksloXlOZSg4UYltdjCrwuT1Oylts"
    "BW8oc0cmgMcltDi8GPtmSXYSqz1T2+E93DcsyWY+4fnDXKnOVBbcGrntP2T6QiF0txq9Rk"
    "RbnuGlU5LRO+jboMVKuYjVAMAA7x4MgTsyIYIPJN9OItZQTP2yhhSJ4aHL/ahYum+IFAkY"
    "GAzIROgSY4mHri5lrVupsn1te5LR143FQhhze0SUPG6M39ODW7b6vrjo7NLoP9l5vrq8rE"
    "jlB9rrBLnRD9Vxrjewh1DbQARs4yKaV/FzO9Cx8AdFBM/07WrxL09WZiRszaiL22EYXOFy"
    "p0w+plLBXY3dJ18Pn86uPF1c9dbRb59etNg+XrTeXq9aa4eJEgUJ2wVb10pQJbLVz9zI7Y"
    "2bplGa7q2Q5+72uI50iPIdmH1Sye0Pty/K4d9a72sNLROTb/1+Q81f3ZyCyJbEnk/kDaLo"
    "lsU6l3lkr9FHx9PxfZbej6zTKpW+TrZXHez4zTqszfQotBLVcflfqdZRuvZer/zBbiVhAT"
    "5tBBXLp3gjmKz7x0ozxbKPQre47jU5DH7stEfBsdblEFOO2z/GncQDh5ZRhqTrCdYNQ+lA"
    "U+Pnr9Ko1ChV/qAlBvPp1dXq6v9ZudYYVo6pp6y1kpk4J9d1B4uaTGPM1ylTu7VrFYFc+2"
    "rV6qQtlyOF41bXRoZtQevHNRB28hV2MRiGnl30clBwdoROCX+JTLpBLhALEglo5e8hDdUR"
    "4/X7S/i54qk0KW8tyc0rq24+d/9X0W5bXk+kcuHN/jsxA5E+wn3k4YXngVGnLijde7KgPG"
    "Qpus0lsPYnZmKNbYNRkrOdEdpq0ko7K3aSuWDt5kAHpOBJb5X1j8NGmVjIilVSxLZVmqnp"
    "n4WiyVVH62h9T8OMfMqtenIMfP4uMhMDSqaurJvVrrY5Zt1SCWMc7SWQgLYIG5LGEO2ebU"
    "J4cIzALK41+FYr6A30A/56GYUcJCmAXMEVOFwIlKkM0uK5aBSq6KYezoSXCMUzSj49T5Kf"
    "XnIeGH6HqMOJsSWZCd+nCsqcAI+YSCHJqyR1IZ+djUfOjPBtGHqoPtmwqjOVcU1FxnJSRS"
    "tuyWhoUgcEs/En3Ic6IWdw3c8QIvxbs/UrG+lXGvjpIqyu0+yjPDTIzm1Aupzw/heU/BSH"
    "QT+xnicM6H6uOA6wMEM2ImnAqcDxB8+eJFgxBB0aoySFDeU4KtXc6yKGce3MdHDdA+PqoE"
    "G26psd74dAhlB/aQiD5TQx7m4ZAT4m8w3EVZO9J9HmmolP1INhjmnKAd4z6PseXzqzfP/Q"
    "z0teHd3+OoV4V3bxUVsY5i1zwLY1OCvQ+UVMsVVbcid89IQJ3JgYLaje8M6ohdvGqzjtat"
    "BqnlI+i/l/Pnt6x5WE1xQnCsMtis2t7NiBiYO310etrA2BWtKq1dea9AsYmPSgPhuLmB6H"
    "ZC3Njk9J0SlE8aL/nH/wJzoTWr"
)
